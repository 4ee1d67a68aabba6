import { AppError } from '@turnpike/core/app-error.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Tx } from '@turnpike/db/database.js';
import { v7 as uuidv7 } from 'uuid';

export interface BulkCustomers {
  /** `%d` in both is replaced by the number. */
  readonly username: string;
  readonly password: string;
  /** Numbers from .. to - 1. */
  readonly from: number;
  readonly to: number;
  readonly packageId: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/**
 * Inserts customers with one running entitlement each, two statements for all of them; usernames that exist are left alone.
 * Gives the ids of those inserted. For load tests and migrations from other systems, where one transaction each takes too long.
 */
export async function insertCustomersInBulk(tx: Tx, secretBox: SecretBox, bulk: BulkCustomers): Promise<string[]> {
  const numbers = Array.from({ length: bulk.to - bulk.from }, (_, index) => bulk.from + index);
  const ids = numbers.map(() => uuidv7());
  const usernames = numbers.map((number) => bulk.username.replace('%d', String(number)));
  const passwords = numbers.map((number, index) =>
    secretBox.seal(bulk.password.replace('%d', String(number)), {
      table: 'customer',
      row: ids[index] ?? '',
      column: 'password',
    }),
  );
  const inserted = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO customer (id, username, password, updated_at)
    SELECT * , now() FROM unnest(${ids}::uuid[], ${usernames}::text[], ${passwords}::text[])
    ON CONFLICT (username) DO NOTHING
    RETURNING id::text AS id`;
  const customerIds = inserted.map((row) => row.id);
  const granted = await tx.$executeRaw`
    INSERT INTO entitlement (id, customer_id, package_id, package_name, type, starts_at, ends_at, down_kbps, up_kbps,
      quota_octets, devices, online_seconds, schedule, time_zone, fair_use, sites, router_ids, mac_login, granted_by)
    SELECT e.id, e.customer_id, p.id, p.name, p.type, ${bulk.startsAt}, ${bulk.endsAt}, p.down_kbps, p.up_kbps,
      p.quota_octets, p.devices, p.online_seconds, p.schedule, p.time_zone, p.fair_use, p.sites, p.router_ids, p.mac_login, 'system'
    FROM unnest(${customerIds.map(() => uuidv7())}::uuid[], ${customerIds}::uuid[]) AS e(id, customer_id)
    JOIN package p ON p.id = ${bulk.packageId}::uuid`;
  if (granted < customerIds.length) throw new AppError('not_found', `there is no package ${bulk.packageId}`);
  return customerIds;
}
