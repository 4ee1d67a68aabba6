import { v7 as uuidv7 } from 'uuid';
import { SecretBox } from '@turnpike/core/secret-box.js';
import type { Db } from '@turnpike/db/database.js';
import type { Prisma } from '@turnpike/db/generated/client.js';

/** The one encryption key of tests. */
export const TEST_KEY = 'ab'.repeat(32);

export interface AccessRows {
  router(address: string, secret: string, more?: Partial<Prisma.RouterUncheckedCreateInput>): Promise<string>;
  customer(username: string, password: string, more?: Partial<Prisma.CustomerUncheckedCreateInput>): Promise<string>;
  /** An active hotspot entitlement of one day, two devices, 5 Mbit/s down and 1 Mbit/s up, unless told otherwise. */
  entitlement(customerId: string, more?: Partial<Prisma.EntitlementUncheckedCreateInput>): Promise<string>;
}

/** Rows that RADIUS lives on, as the features that own them would write them. */
export function accessRows(db: Db): AccessRows {
  const box = new SecretBox([TEST_KEY]);
  return {
    async router(address, secret, more = {}) {
      const id = uuidv7();
      await db.router.create({
        data: {
          id,
          name: `router ${id}`,
          apiPort: 8728,
          apiUsername: 'turnpike',
          apiPassword: box.seal('api', { table: 'router', row: id, column: 'api_password' }),
          radiusSecret: box.seal(secret, { table: 'router', row: id, column: 'radius_secret' }),
          nasAddress: address,
          ...more,
        },
      });
      return id;
    },
    async customer(username, password, more = {}) {
      const id = uuidv7();
      const sealed = box.seal(password, { table: 'customer', row: id, column: 'password' });
      await db.customer.create({ data: { id, username, password: sealed, ...more } });
      return id;
    },
    async entitlement(customerId, more = {}) {
      const id = uuidv7();
      const now = Date.now();
      await db.entitlement.create({
        data: {
          id,
          customerId,
          packageId: await anyPackage(db),
          packageName: 'Day',
          type: 'hotspot',
          startsAt: new Date(now - 60_000),
          endsAt: new Date(now + 86_400_000),
          downKbps: 5_000,
          upKbps: 1_000,
          devices: 2,
          grantedBy: 'test',
          ...more,
        },
      });
      return id;
    },
  };
}

async function anyPackage(db: Db): Promise<string> {
  const known = await db.package.findFirst({ select: { id: true } });
  if (known !== null) return known.id;
  const id = uuidv7();
  await db.package.create({
    data: {
      id,
      name: 'Day',
      type: 'hotspot',
      priceMinor: 5_000,
      currency: 'KES',
      validForSeconds: 86_400,
      downKbps: 5_000,
      upKbps: 1_000,
    },
  });
  return id;
}
