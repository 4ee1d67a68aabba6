/** What a push can end as: ResultCode and ResultDesc of callbacks and queries. Source: Daraja's M-Pesa Express page. */
export const RESULT_DESCRIPTIONS = {
  0: 'The service request is processed successfully.',
  1: 'The balance is insufficient for the transaction.',
  17: 'Rule limited.',
  26: 'System busy. The service request is rejected.',
  1001: 'Unable to lock subscriber, a transaction is already in process for the current subscriber',
  1019: 'Transaction has expired',
  1025: 'An error occurred while sending a push request',
  1032: 'Request cancelled by user',
  1037: 'DS timeout user cannot be reached',
  2001: 'The initiator information is invalid.',
  9999: 'An error occurred while sending a push request',
} as const;

export const FAILURES = ['1', '17', '26', '1001', '1019', '1025', '1032', '1037', '2001', '9999'] as const;
export type Failure = (typeof FAILURES)[number];

export interface PushResult {
  readonly code: number;
  readonly description: string;
}

export function resultOf(outcome: 'paid' | Failure): PushResult {
  const descriptions: Readonly<Record<string, string>> = RESULT_DESCRIPTIONS;
  const code = outcome === 'paid' ? '0' : outcome;
  return { code: Number(code), description: descriptions[code] ?? '' };
}
