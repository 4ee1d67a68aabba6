import type { AccountKind, EntryKind } from '@turnpike/contracts/ledger.js';
import type { Tx } from '@turnpike/db/database.js';
import type { LedgerAccount, LedgerEntry, LedgerPosting, Prisma } from '@turnpike/db/generated/client.js';
import { NEWEST_FIRST, olderThan } from '@turnpike/db/time-order.js';
import type { AccountName } from './ledger.store.js';

export type WalletMoveRow = LedgerPosting & { readonly entry: LedgerEntry; readonly account: LedgerAccount };
export type EntryRow = LedgerEntry & {
  readonly postings: readonly (LedgerPosting & { readonly account: LedgerAccount })[];
};

/** Newest first; one row more than `limit` when there are more. */
interface PageOf {
  readonly after?: string | undefined;
  readonly limit: number;
}

export async function findEntryRow(tx: Tx, key: string): Promise<LedgerEntry | null> {
  return tx.ledgerEntry.findUnique({ where: { key } });
}

/** What the entry of a key did to an account. */
export async function postingOf(
  tx: Tx,
  key: string,
  { kind, owner, currency }: AccountName & { readonly currency: string },
): Promise<LedgerPosting> {
  return tx.ledgerPosting.findFirstOrThrow({ where: { entry: { key }, account: { kind, owner, currency } } });
}

/** The accounts of one owner, one a currency, by currency. */
export async function accountsOf(tx: Tx, { kind, owner }: AccountName): Promise<LedgerAccount[]> {
  return tx.ledgerAccount.findMany({ where: { kind, owner }, orderBy: { currency: 'asc' } });
}

export async function listMoves(tx: Tx, { kind, owner }: AccountName, page: PageOf): Promise<WalletMoveRow[]> {
  const accounts = await accountsOf(tx, { kind, owner });
  return tx.ledgerPosting.findMany({
    where: { accountId: { in: accounts.map(({ id }) => id) }, ...idsBefore(page) },
    include: { entry: true, account: true },
    orderBy: { id: 'desc' },
    take: page.limit + 1,
  });
}

export interface AccountFilter extends PageOf {
  readonly kind?: AccountKind | undefined;
  readonly owner?: string | undefined;
  readonly currency?: string | undefined;
}

export async function listAccountRows(tx: Tx, filter: AccountFilter): Promise<LedgerAccount[]> {
  return tx.ledgerAccount.findMany({
    where: {
      ...(filter.kind === undefined ? {} : { kind: filter.kind }),
      ...(filter.owner === undefined ? {} : { owner: filter.owner }),
      ...(filter.currency === undefined ? {} : { currency: filter.currency }),
      ...idsBefore(filter),
    },
    orderBy: { id: 'desc' },
    take: filter.limit + 1,
  });
}

export interface EntryFilter extends PageOf {
  readonly kind?: EntryKind | undefined;
  readonly accountId?: string | undefined;
  readonly paymentId?: string | undefined;
  /** Included. */
  readonly from?: Date | undefined;
  /** Not included. */
  readonly to?: Date | undefined;
}

export async function listEntryRows(tx: Tx, filter: EntryFilter): Promise<EntryRow[]> {
  const { after, from, to, limit } = filter;
  const plain = {
    include: { postings: { include: { account: true }, orderBy: { id: 'asc' } } },
    take: limit + 1,
  } satisfies Prisma.LedgerEntryFindManyArgs;
  if (from === undefined && to === undefined) {
    const where = { ...entriesWhere(filter), ...idsBefore(filter) };
    return tx.ledgerEntry.findMany({ ...plain, where, orderBy: { id: 'desc' } });
  }
  // In order of their ids PostgreSQL would walk through all that is newer than the time that is asked for.
  const createdAt = { ...(from === undefined ? {} : { gte: from }), ...(to === undefined ? {} : { lt: to }) };
  const where = { ...entriesWhere({ ...filter, after: undefined }), createdAt };
  if (after === undefined) return tx.ledgerEntry.findMany({ ...plain, where, orderBy: [...NEWEST_FIRST] });
  const last = await tx.ledgerEntry.findUnique({ where: { id: after }, select: { id: true, createdAt: true } });
  if (last === null) return [];
  return tx.ledgerEntry.findMany({
    ...plain,
    where: { AND: [where, olderThan(last)] },
    orderBy: [...NEWEST_FIRST],
  });
}

function entriesWhere({ kind, accountId, paymentId, after }: EntryFilter): Prisma.LedgerEntryWhereInput {
  // Said of the postings too: else those of an account are gone through from the newest one on, however deep the page is.
  const older = after === undefined ? {} : { entryId: { lt: after } };
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(paymentId === undefined ? {} : { paymentId }),
    ...(accountId === undefined ? {} : { postings: { some: { accountId, ...older } } }),
  };
}

function idsBefore({ after }: PageOf): { id?: { lt: string } } {
  return after === undefined ? {} : { id: { lt: after } };
}

export interface KindSum {
  readonly currency: string;
  readonly kind: string;
  readonly accounts: number;
  readonly sumMinor: string;
}

export interface WrongAccount {
  readonly accountId: string;
  readonly balanceMinor: string;
  readonly postedMinor: string;
}

/** What the trial balance is made of, as of one instant: one statement. */
export async function sumAccounts(tx: Tx, mostWrong: number): Promise<{ sums: KindSum[]; wrong: WrongAccount[] }> {
  const [row] = await tx.$queryRaw<{ sums: KindSum[] | null; wrong: WrongAccount[] | null }[]>`
    WITH posted AS (
      SELECT account_id, sum(amount_minor) AS minor FROM ledger_posting GROUP BY account_id
    ), account AS (
      SELECT a.id, a.kind, a.currency, a.balance_minor, coalesce(p.minor, 0) AS posted_minor
      FROM ledger_account a LEFT JOIN posted p ON p.account_id = a.id
    ), sums AS (
      SELECT currency, kind, count(*)::int AS accounts, sum(balance_minor)::text AS "sumMinor"
      FROM account GROUP BY currency, kind ORDER BY currency, kind
    ), wrong AS (
      SELECT id::text AS "accountId", balance_minor::text AS "balanceMinor", posted_minor::text AS "postedMinor"
      FROM account WHERE balance_minor <> posted_minor ORDER BY id LIMIT ${mostWrong}
    )
    SELECT (SELECT json_agg(s) FROM sums s) AS sums, (SELECT json_agg(w) FROM wrong w) AS wrong`;
  return { sums: row?.sums ?? [], wrong: row?.wrong ?? [] };
}
