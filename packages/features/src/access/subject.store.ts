import type { Sql } from '@turnpike/db/sql.js';
import type { SnapshotDevice, SnapshotEntitlement, SubjectSnapshot } from './subject-snapshot.js';

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
  readonly devicesOnly: boolean;
  readonly devices: SnapshotDevice[];
  readonly entitlements: SnapshotEntitlement[];
}

export async function readSubjectByUsername(tx: Sql, username: string): Promise<Subject | undefined> {
  return (await readSubjects(tx, { usernames: [username] }))[0];
}

export async function readSubjectById(tx: Sql, customerId: string): Promise<Subject | undefined> {
  return (await readSubjects(tx, { ids: [customerId] }))[0];
}

/** Whose device it is; `mac` as parseMacAddress writes it. */
export async function readSubjectByDevice(tx: Sql, mac: string): Promise<Subject | undefined> {
  return (await readSubjects(tx, { macs: [mac] }))[0];
}

/** Customers after `afterId` in order of their ids; for going through all of them. */
export async function readSubjectsAfter(tx: Sql, afterId: string, limit: number): Promise<Subject[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text AS id FROM customer WHERE id > ${afterId}::uuid ORDER BY id LIMIT ${limit}`;
  return readSubjects(tx, { ids: rows.map((row) => row.id) });
}

export async function readSubjectsById(tx: Sql, customerIds: readonly string[]): Promise<Subject[]> {
  return readSubjects(tx, { ids: customerIds });
}

interface Wanted {
  readonly ids?: readonly string[];
  readonly usernames?: readonly string[];
  readonly macs?: readonly string[];
}

/** In order of their ids. One statement for all ways of asking, each part of which has an index. */
async function readSubjects(tx: Sql, { ids = [], usernames = [], macs = [] }: Wanted): Promise<Subject[]> {
  const rows = await tx.$queryRaw<SubjectRow[]>`
    SELECT c.id::text AS id, c.username, c.revision, c.status::text AS status, c.password,
           c.devices_only AS "devicesOnly", e.list AS entitlements,
           (SELECT coalesce(jsonb_agg(jsonb_build_object('mac', d.mac, 'blocked', d.blocked) ORDER BY d.id), '[]')
            FROM customer_device d WHERE d.customer_id = c.id) AS devices
    FROM customer c CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_agg(jsonb_build_object(
               'id', r.id, 'type', r.type, 'state', r.state,
               'startsAt', (extract(epoch FROM r.starts_at) * 1000)::bigint,
               'endsAt', (extract(epoch FROM r.ends_at) * 1000)::bigint,
               'downKbps', r.down_kbps, 'upKbps', r.up_kbps, 'quotaOctets', r.quota_octets::text,
               'usedOctets', r.used_octets::text, 'devices', r.devices,
               'onlineSeconds', r.online_seconds, 'usedSeconds', r.used_seconds, 'schedule', r.schedule,
               'timeZone', r.time_zone, 'fairUse', r.fair_use, 'sites', r.sites, 'routerIds', r.router_ids,
               'macLogin', r.mac_login, 'burst', r.burst, 'validForSeconds', r.valid_for_seconds,
               'traceparent', r.traceparent) ORDER BY r.ends_at, r.id), '[]') AS list
      FROM (SELECT * FROM entitlement WHERE customer_id = c.id
            ORDER BY (state = 'active') DESC, (state = 'pending') DESC, ends_at DESC LIMIT 20) r
    ) e
    WHERE c.id IN (
      SELECT unnest(${[...ids]}::uuid[])
      UNION ALL SELECT id FROM customer WHERE username = ANY(${[...usernames]}::text[])
      UNION ALL SELECT customer_id FROM customer_device WHERE mac = ANY(${[...macs]}::text[]))
    ORDER BY c.id`;
  return rows.map(subjectOf);
}

function subjectOf(row: SubjectRow): Subject {
  const { id, username, revision, status, password, devicesOnly, devices, entitlements } = row;
  const snapshot = { customerId: id, revision: Number(revision), status, password, devicesOnly, devices, entitlements };
  return { username, snapshot };
}
