import type { PaymentProviderName } from '@turnpike/contracts/payments.js';
import type { AccountRef } from '../ledger/ledger.js';
import type { PaymentRow } from './payment.store.js';

/** What came of asking for the money. */
export type RequestOutcome =
  /** The payer has been asked; the answer comes later. */
  | { readonly kind: 'asked'; readonly providerRequestId: string }
  /** The money is there already. */
  | { readonly kind: 'paid'; readonly receipt?: string }
  /** Certain: nobody was asked, and nobody will be. `detail`: why, for operators. */
  | { readonly kind: 'refused'; readonly code: string; readonly detail: string }
  /** The payer may have been asked or not: it must not be tried again. */
  | { readonly kind: 'unknown'; readonly detail: string };

/** What a provider says when it is asked what became of a request. */
export type QueryOutcome =
  | { readonly kind: 'paid'; readonly code: string; readonly raw: string }
  | { readonly kind: 'failed'; readonly code: string; readonly detail: string; readonly raw: string }
  | { readonly kind: 'pending'; readonly raw: string }
  /** The provider could not be asked, or its answer means nothing to us. */
  | { readonly kind: 'unknown'; readonly detail: string };

/** A way to be paid: one folder each, and the same conformance tests for all. Neither function throws. */
export interface PaymentProvider {
  readonly name: PaymentProviderName;
  /** Called once for a payment, whatever happens. */
  request(payment: PaymentRow, signal: AbortSignal): Promise<RequestOutcome>;
  /** May be called any number of times for what was `asked`. */
  query?(payment: PaymentRow, signal: AbortSignal): Promise<QueryOutcome>;
  /** Where its money comes from in the ledger. */
  account(payment: PaymentRow): AccountRef;
  /** Throws `conflict` for an amount or a payer that it cannot ask; in words for whoever wants to pay. */
  refuse?(wanted: { readonly amountMinor: number; readonly currency: string }): void;
}

export type PaymentProviders = ReadonlyMap<string, PaymentProvider>;

export function providersOf(...providers: readonly PaymentProvider[]): PaymentProviders {
  return new Map(providers.map((provider) => [provider.name, provider]));
}
