import type { PortalPurchaseView } from '@turnpike/contracts/portal.js';
import type { MacAddress } from '@turnpike/core/mac-address.js';
import type { Msisdn } from '@turnpike/core/msisdn.js';

export interface NewPurchase {
  readonly packageId: string;
  readonly msisdn: Msisdn;
  readonly mac?: MacAddress | undefined;
  readonly routerId?: string | undefined;
  readonly createdBy: string;
  /** Of the socket's other end, for the limits. */
  readonly address?: string | undefined;
}

/** What the portal needs of the payments. */
export interface PortalPurchases {
  /** Throws `not_found` (not on sale), `conflict` (another payment of this phone is open) and `rate_limited`. */
  start(purchase: NewPurchase): Promise<{ reference: string; status: PortalPurchaseView['status'] }>;
  byReference(reference: string): Promise<PortalPurchaseView | undefined>;
  /** The purchase that was paid with this receipt by this phone. */
  findByReceipt(receipt: string, msisdn: Msisdn): Promise<PortalPurchaseView | undefined>;
}

export type PortalRedeemed =
  | { readonly kind: 'redeemed'; readonly customerId: string; readonly username: string; readonly code: string }
  | { readonly kind: 'unknown' | 'revoked' | 'expired' | 'used' }
  | { readonly kind: 'limited'; readonly retryAfterSeconds: number };

/** What the portal needs of the vouchers. */
export interface PortalVoucherDesk {
  redeem(
    code: string,
    origin: { device?: string | undefined; address?: string | undefined; nas?: string | undefined },
    signal?: AbortSignal,
  ): Promise<PortalRedeemed>;
}
