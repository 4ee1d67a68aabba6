import type { LedgerEntryView } from '@turnpike/contracts/ledger.js';

type Posting = LedgerEntryView['postings'][number];

interface Sides {
  /** Accounts that the money leaves. */
  readonly from: readonly Posting[];
  /** Accounts that it goes to. */
  readonly into: readonly Posting[];
  /** What goes over, minor units. */
  readonly totalMinor: bigint;
  readonly currency: string;
}

/** An entry as money that goes from accounts into others; the postings sum to 0, so both sides are as large. */
export function sidesOf({ postings }: LedgerEntryView): Sides {
  const into = postings.filter(({ amountMinor }) => amountMinor > 0);
  return {
    from: postings.filter(({ amountMinor }) => amountMinor < 0),
    into,
    totalMinor: into.reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n),
    currency: postings[0]?.currency ?? 'KES',
  };
}
