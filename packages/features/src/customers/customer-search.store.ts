import { matchKinds, type MatchKind } from '@turnpike/contracts/customers.js';
import type { Tx } from '@turnpike/db/database.js';
import { Prisma } from '@turnpike/db/generated/client.js';
import { likeText } from '@turnpike/db/like-text.js';
import type { CustomerRow } from './customer.store.js';

/** What a text may mean; each meaning is looked up by itself. */
export interface SearchTerms {
  /** Usernames in full. */
  readonly usernames: readonly string[];
  /** Part of a username in any case of the letters A to Z. */
  readonly part?: string | undefined;
  readonly email?: string | undefined;
  /** E.164 digits of a whole phone number. */
  readonly msisdn?: string | undefined;
  /** Some digits of one. */
  readonly digits?: string | undefined;
  readonly mac?: string | undefined;
  readonly ip?: string | undefined;
  readonly receipt?: string | undefined;
  /** Hashes of a voucher code under every key. */
  readonly voucherHashes?: readonly string[] | undefined;
}

export interface SearchPage {
  /** Id of the last row shown. */
  readonly after: string | undefined;
  readonly limit: number;
}

export interface FoundCustomer {
  readonly row: CustomerRow;
  readonly matched: MatchKind[];
}

const RUNNING = Prisma.sql`s.state IN ('open', 'closing', 'stale')`;

/** Parts are looked for among so many of the newest first: what is common fills its page there, and is not all fetched. */
const NEWEST = 1_000;

/**
 * Newest first, one more than `limit`. Whole names, numbers, addresses, receipts and codes go through indexes; devices and
 * addresses online through those of running sessions; parts of three letters and more through trigrams. Shorter ones, and all
 * of them on a server without pg_trgm, take one pass over the customers where the newest do not answer. None of that is done
 * for a text that can only mean something whole.
 */
export async function searchCustomerRows(tx: Tx, terms: SearchTerms, page: SearchPage): Promise<FoundCustomer[]> {
  const whole = await findWholes(tx, terms, page);
  // A receipt looks like a word: only when nobody has it may it be a part of something.
  const isReceipt = [...whole.values()].some((kinds) => kinds.includes('receipt'));
  const part = isReceipt ? [] : await findParts(tx, terms, page);
  const ids = [...new Set([...whole.keys(), ...part])].sort().reverse();
  const rows = await tx.customer.findMany({
    where: { id: { in: ids.slice(0, page.limit + 1) } },
    orderBy: { id: 'desc' },
  });
  return rows.map((row) => {
    const kinds = new Set([...(whole.get(row.id) ?? []), ...partKinds(row, terms)]);
    return { row, matched: matchKinds.filter((kind) => kinds.has(kind)) };
  });
}

async function findWholes(tx: Tx, terms: SearchTerms, page: SearchPage): Promise<Map<string, string[]>> {
  const hits = await tx.$queryRaw<{ id: string; kinds: string[] }[]>`
    SELECT hit.id::text AS id, array_agg(DISTINCT hit.kind) AS kinds
    FROM (${Prisma.join(wholes(terms), ' UNION ALL ')}) AS hit(id, kind)
    WHERE hit.id IS NOT NULL ${older(page, Prisma.sql`hit.id`)}
    GROUP BY hit.id
    ORDER BY hit.id DESC
    LIMIT ${page.limit + 1}`;
  return new Map(hits.map(({ id, kinds }) => [id, kinds]));
}

function wholes({ usernames, msisdn, mac, ip, receipt, voucherHashes = [] }: SearchTerms): Prisma.Sql[] {
  const when = (given: string | undefined, ...branches: Prisma.Sql[]) => (given === undefined ? [] : branches);
  return [
    Prisma.sql`SELECT id, 'username' FROM customer WHERE username = ANY(${[...usernames]}::text[])`,
    Prisma.sql`SELECT customer_id, 'voucher' FROM voucher WHERE code_hash = ANY(${[...voucherHashes]}::text[])`,
    ...when(msisdn, Prisma.sql`SELECT id, 'msisdn' FROM customer WHERE msisdn = ${msisdn}`),
    ...when(receipt, Prisma.sql`SELECT customer_id, 'receipt' FROM payment WHERE receipt = ${receipt}`),
    ...when(
      mac,
      Prisma.sql`SELECT customer_id, 'device' FROM customer_device WHERE mac = ${mac}`,
      Prisma.sql`SELECT s.customer_id, 'online_device' FROM session s WHERE ${RUNNING} AND s.calling_station_id = ${mac}`,
    ),
    ...when(ip, Prisma.sql`SELECT s.customer_id, 'ip' FROM session s WHERE s.framed_ip_address = ${ip} AND ${RUNNING}`),
  ];
}

async function findParts(tx: Tx, terms: SearchTerms, page: SearchPage): Promise<string[]> {
  const conditions = partConditions(terms);
  if (conditions.length === 0) return [];
  const search = async (customers: Prisma.Sql): Promise<string[]> => {
    const rows = await tx.$queryRaw<{ id: string }[]>`
      SELECT id::text AS id FROM ${customers} AS c WHERE ${Prisma.join(conditions, ' OR ')}
      ORDER BY c.id DESC LIMIT ${page.limit + 1}`;
    return rows.map(({ id }) => id);
  };
  const from = Prisma.sql`SELECT id, username, msisdn, email FROM customer WHERE true ${older(page, Prisma.sql`id`)}`;
  const newest = await search(Prisma.sql`(${from} ORDER BY id DESC LIMIT ${NEWEST})`);
  return newest.length > page.limit ? newest : search(Prisma.sql`(${from})`);
}

function partConditions({ part, email, digits }: SearchTerms): Prisma.Sql[] {
  const contains = (text: string): string => `%${likeText(text)}%`;
  return [
    ...(part === undefined ? [] : [Prisma.sql`lower(username COLLATE "C") LIKE ${folded(contains(part))}`]),
    ...(email === undefined ? [] : [Prisma.sql`email = ${email}`]),
    ...(digits === undefined ? [] : [Prisma.sql`msisdn LIKE ${contains(digits)}`]),
  ];
}

/** The same conditions again, to tell which of them a customer met. */
function partKinds(row: CustomerRow, { part, email, digits }: SearchTerms): MatchKind[] {
  return [
    ...(part !== undefined && folded(row.username).includes(folded(part)) ? (['username'] as const) : []),
    ...(email !== undefined && row.email === email ? (['email'] as const) : []),
    ...(digits !== undefined && row.msisdn?.includes(digits) === true ? (['msisdn'] as const) : []),
  ];
}

/** Only A to Z, as the index has it: folding by the rules of a language takes ten times as long. */
function folded(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function older({ after }: SearchPage, id: Prisma.Sql): Prisma.Sql {
  return after === undefined ? Prisma.empty : Prisma.sql`AND ${id} < ${after}::uuid`;
}
