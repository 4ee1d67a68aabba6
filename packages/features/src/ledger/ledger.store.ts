import type { AccountKind, EntryKind } from '@turnpike/contracts/ledger.js';
import type { Tx } from '@turnpike/db/database.js';
import { v7 as uuidv7 } from 'uuid';

export interface AccountName {
  readonly kind: AccountKind;
  readonly owner: string;
}

export interface AccountRow extends AccountName {
  readonly id: string;
  readonly balanceMinor: bigint;
}

export interface NewEntry {
  readonly id: string;
  readonly key: string;
  readonly kind: EntryKind;
  readonly description: string;
  readonly paymentId?: string | undefined;
  readonly batchId?: string | undefined;
  readonly createdBy: string;
}

/** False when an entry has this key; waits for a transaction that is just making one. */
export async function insertEntryRow(tx: Tx, entry: NewEntry): Promise<boolean> {
  const { id, key, kind, description, paymentId = null, batchId = null, createdBy } = entry;
  const inserted = await tx.$executeRaw`
    INSERT INTO ledger_entry (id, key, kind, description, payment_id, batch_id, created_by)
    VALUES (${id}::uuid, ${key}, ${kind}, ${description}, ${paymentId}::uuid, ${batchId}::uuid, ${createdBy})
    ON CONFLICT (key) DO NOTHING`;
  return inserted === 1;
}

/** Makes those that are not there yet, then locks all, both in one order for everybody: nobody waits in a circle. */
export async function lockAccounts(tx: Tx, currency: string, names: readonly AccountName[]): Promise<AccountRow[]> {
  const kinds = names.map(({ kind }) => kind);
  const owners = names.map(({ owner }) => owner);
  const known = await countAccounts(tx, currency, kinds, owners);
  if (known < names.length) {
    await tx.$executeRaw`
      INSERT INTO ledger_account (id, kind, owner, currency)
      SELECT n.id, n.kind, n.owner, ${currency}
      FROM unnest(${names.map(() => uuidv7())}::uuid[], ${kinds}::text[], ${owners}::text[]) AS n(id, kind, owner)
      ORDER BY n.kind, n.owner
      ON CONFLICT (kind, owner, currency) DO NOTHING`;
  }
  return tx.$queryRaw<AccountRow[]>`
    SELECT a.id::text AS id, a.kind, a.owner, a.balance_minor AS "balanceMinor"
    FROM ledger_account a
    JOIN unnest(${kinds}::text[], ${owners}::text[]) AS n(kind, owner) USING (kind, owner)
    WHERE a.currency = ${currency}
    ORDER BY a.kind, a.owner
    FOR NO KEY UPDATE OF a`;
}

/** Accounts are never deleted, so what is counted stays. */
async function countAccounts(
  tx: Tx,
  currency: string,
  kinds: readonly string[],
  owners: readonly string[],
): Promise<number> {
  const [{ known } = { known: 0 }] = await tx.$queryRaw<{ known: number }[]>`
    SELECT count(*)::int AS known
    FROM ledger_account a
    JOIN unnest(${[...kinds]}::text[], ${[...owners]}::text[]) AS n(kind, owner) USING (kind, owner)
    WHERE a.currency = ${currency}`;
  return known;
}

export interface NewPosting {
  readonly id: string;
  readonly accountId: string;
  readonly amountMinor: bigint;
}

/** Moves the balances of accounts that the caller has locked, and writes each down with the balance it led to. */
export async function postTo(tx: Tx, entryId: string, postings: readonly NewPosting[]): Promise<void> {
  const ids = postings.map(({ id }) => id);
  const accountIds = postings.map(({ accountId }) => accountId);
  const amounts = postings.map(({ amountMinor }) => amountMinor);
  await tx.$executeRaw`
    WITH posting AS (
      SELECT * FROM unnest(${ids}::uuid[], ${accountIds}::uuid[], ${amounts}::bigint[]) AS p(id, account_id, amount)
    ), moved AS (
      UPDATE ledger_account a SET balance_minor = a.balance_minor + p.amount
      FROM posting p WHERE a.id = p.account_id
      RETURNING p.id, a.id AS account_id, p.amount, a.balance_minor
    )
    INSERT INTO ledger_posting (id, entry_id, account_id, amount_minor, balance_minor)
    SELECT id, ${entryId}::uuid, account_id, amount, balance_minor FROM moved`;
}

export async function readBalance(tx: Tx, account: AccountName & { readonly currency: string }): Promise<bigint> {
  const { kind, owner, currency } = account;
  const row = await tx.ledgerAccount.findUnique({
    where: { kind_owner_currency: { kind, owner, currency } },
    select: { balanceMinor: true },
  });
  return row?.balanceMinor ?? 0n;
}

export async function hasPostings(tx: Tx, { kind, owner }: AccountName): Promise<boolean> {
  const where = { kind, owner, postings: { some: {} } };
  return (await tx.ledgerAccount.findFirst({ where, select: { id: true } })) !== null;
}
