import {
  accountKinds,
  entryKinds,
  type AccountKind,
  type BalanceView,
  type EntryKind,
  type LedgerAccountView,
  type LedgerEntryView,
  type WalletMoveView,
} from '@turnpike/contracts/ledger.js';
import type { LedgerAccount } from '@turnpike/db/generated/client.js';
import type { EntryRow, WalletMoveRow } from './ledger-reads.store.js';

export function balanceView({ currency, balanceMinor }: LedgerAccount): BalanceView {
  return { currency, balanceMinor: balanceMinor.toString() };
}

export function walletMoveView({ id, amountMinor, balanceMinor, entry, account }: WalletMoveRow): WalletMoveView {
  return {
    id,
    entryId: entry.id,
    kind: entryKind(entry.kind),
    description: entry.description,
    currency: account.currency,
    amountMinor: Number(amountMinor),
    balanceMinor: balanceMinor.toString(),
    paymentId: entry.paymentId,
    createdBy: entry.createdBy,
    createdAt: entry.createdAt.toISOString(),
  };
}

export function ledgerAccountView(row: LedgerAccount): LedgerAccountView {
  return {
    id: row.id,
    kind: accountKind(row.kind),
    owner: row.owner,
    ...balanceView(row),
    createdAt: row.createdAt.toISOString(),
  };
}

export function ledgerEntryView(row: EntryRow): LedgerEntryView {
  return {
    id: row.id,
    key: row.key,
    kind: entryKind(row.kind),
    description: row.description,
    paymentId: row.paymentId,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    postings: row.postings.map(({ account, amountMinor, balanceMinor }) => ({
      accountId: account.id,
      accountKind: accountKind(account.kind),
      accountOwner: account.owner,
      currency: account.currency,
      amountMinor: Number(amountMinor),
      balanceMinor: balanceMinor.toString(),
    })),
  };
}

/** Kinds are text in the database; only the ledger writes them. */
export function accountKind(text: string): AccountKind {
  return known(accountKinds, text);
}

function entryKind(text: string): EntryKind {
  return known(entryKinds, text);
}

function known<Kind extends string>(kinds: readonly Kind[], text: string): Kind {
  const kind = kinds.find((each) => each === text);
  if (kind === undefined) throw new Error(`the ledger has a kind that nobody knows: ${text}`);
  return kind;
}
