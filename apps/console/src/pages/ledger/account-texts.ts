import { assertNever } from '@turnpike/core/assert-never.js';
import type { AccountKind, EntryKind } from '@turnpike/contracts/ledger.js';
import type { SayOf } from '../../words/say-of.js';
import type { ledgerWords } from './ledger-words.js';

type Words = SayOf<typeof ledgerWords>;

export function accountKindText(kind: AccountKind, t: Words): string {
  switch (kind) {
    case 'customer_wallet':
    case 'agent_wallet':
    case 'sales':
    case 'commission':
      return t(kind);
    case 'provider':
      return t('providerAccount');
    case 'adjustment':
      return t('adjustmentAccount');
    default:
      return assertNever(kind);
  }
}

export function entryKindText(kind: EntryKind, t: Words): string {
  return t(kind === 'commission' ? 'commissionEntry' : kind);
}

/** What an account is called: `Customer wallet`, `M-Pesa`. */
export function accountText(kind: AccountKind, owner: string, t: Words): string {
  if (kind !== 'provider') return accountKindText(kind, t);
  return owner === 'mpesa' || owner === 'cash' ? t(owner) : owner;
}

/** Where the owner of an account is shown; undefined: it has none. */
export function ownerPage(kind: AccountKind, owner: string): string | undefined {
  if (kind === 'customer_wallet') return `/customers/${owner}`;
  return kind === 'agent_wallet' ? `/agents/${owner}` : undefined;
}
