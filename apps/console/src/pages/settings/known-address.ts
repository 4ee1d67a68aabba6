/** Addresses of providers that have a name here. */
export const MPESA_ADDRESSES = {
  live: 'https://api.safaricom.co.ke',
  sandbox: 'https://sandbox.safaricom.co.ke',
} as const;

export const SMS_ADDRESSES = {
  live: 'https://api.africastalking.com',
  sandbox: 'https://api.sandbox.africastalking.com',
} as const;

export type AddressKind = 'live' | 'sandbox' | 'other';
export const addressKinds = ['live', 'sandbox', 'other'] as const;

/** Which of the known addresses it is. */
export function kindOf(known: Readonly<Record<'live' | 'sandbox', string>>, url: string): AddressKind {
  if (url === known.live) return 'live';
  return url === known.sandbox ? 'sandbox' : 'other';
}
