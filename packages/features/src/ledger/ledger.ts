import { v7 as uuidv7 } from 'uuid';
import type { AccountKind, EntryKind } from '@turnpike/contracts/ledger.js';
import { AppError } from '@turnpike/core/app-error.js';
import { moneyText } from '@turnpike/core/money.js';
import type { Tx } from '@turnpike/db/database.js';
import { findEntryRow } from './ledger-reads.store.js';
import { hasPostings, insertEntryRow, lockAccounts, postTo, readBalance, type AccountRow } from './ledger.store.js';

export type { EntryKind } from '@turnpike/contracts/ledger.js';

/** Wallets are credit positive and never below 0. A negative balance at a provider is money that lies there. */
export type AccountRef =
  | { readonly kind: 'customer_wallet'; readonly owner: string }
  | { readonly kind: 'agent_wallet'; readonly owner: string }
  /** `owner`: `mpesa`, `cash` (the till). */
  | { readonly kind: 'provider'; readonly owner: string }
  | { readonly kind: 'sales' }
  | { readonly kind: 'commission' }
  | { readonly kind: 'adjustment' };

export interface LedgerMove {
  /** What this is the entry of, for example `payment:<id>`: the same key is never entered twice. */
  readonly key: string;
  readonly kind: EntryKind;
  readonly description: string;
  /** ISO 4217. */
  readonly currency: string;
  /** Operator id, or `system`. */
  readonly createdBy: string;
  readonly paymentId?: string | undefined;
  /** Of vouchers that are sold, or given back. */
  readonly batchId?: string | undefined;
  /** They sum to 0; several to one account count as one, those of 0 are left out. */
  readonly postings: readonly { readonly account: AccountRef; readonly amountMinor: bigint }[];
}

interface Posting {
  readonly kind: AccountKind;
  readonly owner: string;
  readonly amountMinor: bigint;
}

const WALLETS: ReadonlySet<AccountKind> = new Set(['customer_wallet', 'agent_wallet']);

/**
 * Enters a movement of money and moves the balances with it. `known`: its key was entered before, also by a transaction that
 * ran at the same time, and nothing is changed. Throws `conflict` with `insufficient_funds` when a wallet would fall below 0;
 * nothing is entered then, and the caller may go on with the transaction. The accounts, some of which everybody uses, stay
 * locked until it ends: call this late, after whatever locks customers, and before the audit entry.
 */
export async function enterMove(tx: Tx, move: LedgerMove): Promise<'entered' | 'known'> {
  const postings = balanced(move);
  const accounts = await lockAccounts(tx, move.currency, postings);
  const moves = postings.map((posting) => ({ ...posting, account: accountOf(accounts, posting) }));
  const overdrawn = moves.find(({ account, amountMinor }) => isOverdrawn(account, amountMinor));
  if (overdrawn !== undefined) {
    if ((await findEntryRow(tx, move.key)) !== null) return 'known';
    throw overdraft(overdrawn.account, overdrawn.amountMinor, move.currency);
  }
  const entryId = uuidv7();
  if (!(await insertEntryRow(tx, { id: entryId, ...move }))) return 'known';
  const lines = moves.map(({ account, amountMinor }) => ({ id: uuidv7(), accountId: account.id, amountMinor }));
  await postTo(tx, entryId, lines);
  return 'entered';
}

/** 0 for an account that nothing was ever moved on. */
export async function balanceOf(tx: Tx, account: AccountRef, currency: string): Promise<bigint> {
  return readBalance(tx, { kind: account.kind, owner: ownerOf(account), currency });
}

/** What the entry of a key says of itself; undefined when there is none. */
export async function descriptionOf(tx: Tx, key: string): Promise<string | undefined> {
  return (await findEntryRow(tx, key))?.description;
}

/** True when money was ever moved on the account, in whatever currency: whoever owns it must not be deleted. */
export async function everMoved(tx: Tx, account: AccountRef): Promise<boolean> {
  return hasPostings(tx, { kind: account.kind, owner: ownerOf(account) });
}

function ownerOf(account: AccountRef): string {
  return 'owner' in account ? account.owner : '';
}

/** One posting an account, in the order in which accounts are locked; a move that does not balance is a bug of the caller. */
function balanced({ key, postings }: LedgerMove): Posting[] {
  const sum = postings.reduce((total, { amountMinor }) => total + amountMinor, 0n);
  if (postings.length < 2 || sum !== 0n) throw new Error(`the postings of ${key} do not sum to 0`);
  const byAccount = new Map<string, Posting>();
  for (const { account, amountMinor } of postings) {
    const place = `${account.kind}\0${ownerOf(account)}`;
    const before = byAccount.get(place)?.amountMinor ?? 0n;
    byAccount.set(place, { kind: account.kind, owner: ownerOf(account), amountMinor: before + amountMinor });
  }
  return [...byAccount.entries()]
    .filter(([, { amountMinor }]) => amountMinor !== 0n)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, posting]) => posting);
}

function accountOf(accounts: readonly AccountRow[], { kind, owner }: Posting): AccountRow {
  const found = accounts.find((account) => account.kind === kind && account.owner === owner);
  if (found === undefined) throw new Error(`the account ${kind} ${owner} was not made`);
  return found;
}

function isOverdrawn({ kind, balanceMinor }: AccountRow, amountMinor: bigint): boolean {
  return WALLETS.has(kind) && balanceMinor + amountMinor < 0n;
}

function overdraft({ balanceMinor }: AccountRow, amountMinor: bigint, currency: string): AppError {
  const [has, needs] = [moneyText(balanceMinor, currency), moneyText(-amountMinor, currency)];
  return insufficientFunds(`there is ${has} in the wallet and ${needs} is needed: top it up, or take less`);
}

/** `reason` tells it from other conflicts in the answer of the API. */
export function insufficientFunds(detail: string): AppError {
  return new AppError('conflict', detail, { extra: { code: 'insufficient_funds', reason: 'insufficient_funds' } });
}
