import type { Tx } from '@turnpike/db/database.js';
import { Prisma } from '@turnpike/db/generated/client.js';
import type { SnapshotEntitlement, SubjectSnapshot } from './subject-snapshot.js';

export interface Subject {
  readonly username: string;
  readonly snapshot: SubjectSnapshot;
}

interface SubjectRow {
  readonly id: string;
  readonly username: string;
  readonly revision: bigint;
  readonly status: 'active' | 'suspended';
  readonly password: string;
  readonly entitlements: SnapshotEntitlement[];
}

export async function readSubjectByUsername(tx: Tx, username: string): Promise<Subject | undefined> {
  return readSubject(tx, Prisma.sql`c.username = ${username}`);
}

export async function readSubjectById(tx: Tx, customerId: string): Promise<Subject | undefined> {
  return readSubject(tx, Prisma.sql`c.id = ${customerId}::uuid`);
}

async function readSubject(tx: Tx, condition: Prisma.Sql): Promise<Subject | undefined> {
  return (await readSubjects(tx, condition))[0];
}

/** Customers after `afterId` in order of their ids; for going through all of them. */
export async function readSubjectsAfter(tx: Tx, afterId: string, limit: number): Promise<Subject[]> {
  return readSubjects(tx, Prisma.sql`c.id > ${afterId}::uuid ORDER BY c.id LIMIT ${limit}`);
}

export async function readSubjectsById(tx: Tx, customerIds: readonly string[]): Promise<Subject[]> {
  return readSubjects(tx, Prisma.sql`c.id = ANY(${[...customerIds]}::uuid[])`);
}

async function readSubjects(tx: Tx, condition: Prisma.Sql): Promise<Subject[]> {
  const rows = await tx.$queryRaw<SubjectRow[]>`
    SELECT c.id::text AS id, c.username, c.revision, c.status::text AS status, c.password, e.list AS entitlements
    FROM customer c CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_agg(jsonb_build_object(
               'id', r.id, 'type', r.type, 'state', r.state,
               'startsAt', (extract(epoch FROM r.starts_at) * 1000)::bigint,
               'endsAt', (extract(epoch FROM r.ends_at) * 1000)::bigint,
               'downKbps', r.down_kbps, 'upKbps', r.up_kbps, 'quotaOctets', r.quota_octets::text,
               'usedOctets', r.used_octets::text, 'devices', r.devices) ORDER BY r.ends_at, r.id), '[]') AS list
      FROM (SELECT * FROM entitlement WHERE customer_id = c.id
            ORDER BY (state IN ('active', 'pending')) DESC, ends_at DESC LIMIT 20) r
    ) e
    WHERE ${condition}`;
  return rows.map(subjectOf);
}

/** Devices other than `device` with an open session on an entitlement; used while Redis cannot count. */
export async function countOtherDevices(tx: Tx, entitlementId: string, device: string): Promise<number> {
  const rows = await tx.$queryRaw<{ devices: number }[]>`
    SELECT count(DISTINCT coalesce(calling_station_id, key))::int AS devices FROM session
    WHERE entitlement_id = ${entitlementId}::uuid AND state IN ('open', 'closing')
      AND coalesce(calling_station_id, key) <> ${device}`;
  return rows[0]?.devices ?? 0;
}

function subjectOf(row: SubjectRow): Subject {
  const { id, username, revision, status, password, entitlements } = row;
  return { username, snapshot: { customerId: id, revision: Number(revision), status, password, entitlements } };
}
