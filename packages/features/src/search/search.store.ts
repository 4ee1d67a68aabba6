import type { Tx } from '@turnpike/db/database.js';
import { Prisma } from '@turnpike/db/generated/client.js';
import { likeText } from '@turnpike/db/like-text.js';
import type { SearchTerms } from './search-terms.js';

/** Null: everywhere; else the names of the sites. */
export type Sites = readonly string[] | null;

export interface FoundRouter {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly model: string | null;
  readonly site: string | null;
  readonly address: string | null;
  readonly nasAddress: string | null;
  readonly serial: string | null;
}

export interface FoundSession {
  readonly id: string;
  readonly username: string;
  readonly framedIpAddress: string | null;
  readonly callingStationId: string | null;
  readonly router: string;
}

export interface FoundPayment {
  readonly id: string;
  readonly receipt: string | null;
  readonly reference: string;
  readonly msisdn: string | null;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly state: string;
  readonly createdAt: Date;
}

/** There are thousands of routers at most, so parts of their names need no index. */
export async function searchRouters(tx: Tx, terms: SearchTerms, sites: Sites, limit: number): Promise<FoundRouter[]> {
  const { part, ip, code } = terms;
  const has: Prisma.RouterWhereInput[] = [
    ...(part === undefined ? [] : nameHas(part)),
    ...(ip === undefined ? [] : [{ address: ip }, { nasAddress: ip }]),
    ...(code === undefined ? [] : [{ serial: code }]),
  ];
  if (has.length === 0) return [];
  return tx.router.findMany({
    where: { deletedAt: null, OR: has, ...(sites === null ? {} : { site: { in: [...sites] } }) },
    orderBy: { name: 'asc' },
    take: limit,
    select: {
      id: true,
      name: true,
      status: true,
      model: true,
      site: true,
      address: true,
      nasAddress: true,
      serial: true,
    },
  });
}

function nameHas(part: string): Prisma.RouterWhereInput[] {
  const contains = { contains: likeText(part), mode: 'insensitive' } as const;
  return [{ name: contains }, { identity: contains }];
}

export async function searchPackages(
  tx: Tx,
  part: string,
  limit: number,
): Promise<{ id: string; name: string; type: string; priceMinor: number; currency: string }[]> {
  return tx.package.findMany({
    where: { archivedAt: null, name: { contains: likeText(part), mode: 'insensitive' } },
    orderBy: { name: 'asc' },
    take: limit,
    select: { id: true, name: true, type: true, priceMinor: true, currency: true },
  });
}

/** Running ones: those that are over belong to their customers. */
export async function searchSessions(tx: Tx, terms: SearchTerms, sites: Sites, limit: number): Promise<FoundSession[]> {
  const { text, msisdn, mac, ip } = terms;
  const usernames = [text, ...(msisdn === undefined ? [] : [msisdn])];
  const either = [
    Prisma.sql`s.username = ANY(${usernames}::text[])`,
    ...(mac === undefined ? [] : [Prisma.sql`s.calling_station_id = ${mac}`]),
    ...(ip === undefined ? [] : [Prisma.sql`s.framed_ip_address = ${ip}`]),
  ];
  const place = sites === null ? Prisma.empty : Prisma.sql`AND r.site = ANY(${[...sites]}::text[])`;
  return tx.$queryRaw<FoundSession[]>`
    SELECT s.id::text AS id, s.username, s.framed_ip_address AS "framedIpAddress",
           s.calling_station_id AS "callingStationId", r.name AS router
    FROM session s JOIN router r ON r.id = s.router_id
    WHERE s.state IN ('open', 'closing', 'stale') AND (${Prisma.join(either, ' OR ')}) ${place}
    ORDER BY s.started_at DESC LIMIT ${limit}`;
}

export async function searchPayments(tx: Tx, terms: SearchTerms, limit: number): Promise<FoundPayment[]> {
  const { text, msisdn, code } = terms;
  return tx.payment.findMany({
    where: {
      OR: [
        { reference: text },
        ...(code === undefined ? [] : [{ receipt: code }]),
        ...(msisdn === undefined ? [] : [{ msisdn }]),
      ],
    },
    orderBy: { createdAt: 'desc' },
    take: limit,
    select: {
      id: true,
      receipt: true,
      reference: true,
      msisdn: true,
      amountMinor: true,
      currency: true,
      state: true,
      createdAt: true,
    },
  });
}

export async function searchVouchers(
  tx: Tx,
  hashes: readonly string[],
): Promise<{ id: string; state: string; packageName: string }[]> {
  const rows = await tx.voucher.findMany({
    where: { codeHash: { in: [...hashes] } },
    select: { id: true, state: true, batch: { select: { package: { select: { name: true } } } } },
  });
  return rows.map(({ id, state, batch }) => ({ id, state, packageName: batch.package.name }));
}
