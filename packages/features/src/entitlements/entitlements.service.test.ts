import { byOperator, openShop, type Shop } from './shop-rig.js';

let shop: Shop;

const HOUR_MS = 3_600_000;

beforeAll(async () => {
  shop = await openShop();
});

afterAll(async () => {
  await shop.close();
});

afterEach(async () => {
  await shop.db.sessionCommand.deleteMany();
  await shop.db.session.deleteMany();
  await shop.db.entitlement.deleteMany();
  await shop.forgetJobs();
});

const inHours = (hours: number): string => new Date(shop.clock.now().getTime() + hours * HOUR_MS).toISOString();

describe('granting a package', () => {
  test('starts now, with what the package says', async () => {
    const sold = await shop.newPackage({ quotaOctets: '9000000000000000001', devices: 4, type: 'pppoe' });
    const customerId = await shop.newCustomer();
    const before = await shop.customers.get(customerId);
    await shop.forgetJobs();
    const granted = await shop.entitlements.grant(customerId, sold.id, byOperator);
    expect(granted).toEqual({
      id: granted.id,
      customerId,
      packageId: sold.id,
      packageName: sold.name,
      type: 'pppoe',
      state: 'active',
      startsAt: inHours(0),
      endsAt: inHours(1),
      downKbps: 5_000,
      upKbps: 2_000,
      quotaOctets: '9000000000000000001',
      usedOctets: '0',
      usedSeconds: '0',
      devices: 4,
    });
    expect(await shop.entitlements.list(customerId)).toEqual([granted]);
    expect((await shop.customers.get(customerId)).revision).toBe(before.revision + 1n);
    expect(await shop.jobs('subject.refresh')).toEqual([{ customerId }]);
    const [row] = await shop.db.entitlement.findMany();
    expect(row?.grantedBy).toBe('operator-1');
  });

  test('the same phone may buy the same package any number of times: each time adds to the end', async () => {
    const sold = await shop.newPackage({ quotaOctets: '1000' });
    const { row } = await shop.customers.create({ msisdn: '0712345678' }, byOperator);
    for (let count = 1; count <= 4; count += 1) {
      const granted = await shop.entitlements.grant(row.id, sold.id, byOperator);
      expect(granted).toMatchObject({ startsAt: inHours(0), endsAt: inHours(count), quotaOctets: `${count * 1_000}` });
    }
    expect(await shop.entitlements.list(row.id)).toHaveLength(1);
  });

  test('20 grants at once are exactly 20 periods and 20 quotas', async () => {
    const sold = await shop.newPackage({ quotaOctets: '1000' });
    const customerId = await shop.newCustomer();
    const before = await shop.customers.get(customerId);
    await Promise.all(Array.from({ length: 20 }, () => shop.entitlements.grant(customerId, sold.id, byOperator)));
    expect(await shop.entitlements.list(customerId)).toMatchObject([{ endsAt: inHours(20), quotaOctets: '20000' }]);
    expect((await shop.customers.get(customerId)).revision).toBe(before.revision + 20n);
  });

  test('a period that is over, or whose data is used up, is not extended: a new one starts now', async () => {
    const sold = await shop.newPackage();
    const customerId = await shop.newCustomer();
    const first = await shop.entitlements.grant(customerId, sold.id, byOperator);
    await shop.db.entitlement.update({ where: { id: first.id }, data: { state: 'exhausted' } });
    const second = await shop.entitlements.grant(customerId, sold.id, byOperator);
    expect(second.id).not.toBe(first.id);
    shop.clock.advance(HOUR_MS);
    const third = await shop.entitlements.grant(customerId, sold.id, byOperator);
    expect(third).toMatchObject({ startsAt: inHours(0), endsAt: inHours(1) });
    expect((await shop.entitlements.list(customerId)).map((item) => item.id)).toEqual([third.id, second.id, first.id]);
  });

  test('accounting that ends the period at the same moment does not swallow what was bought', async () => {
    const sold = await shop.newPackage({ quotaOctets: '1000' });
    const customerId = await shop.newCustomer();
    const first = await shop.entitlements.grant(customerId, sold.id, byOperator);
    let granting: Promise<{ id: string; state: string }> | undefined;
    await shop.transact(async (tx) => {
      await tx.entitlement.update({ where: { id: first.id }, data: { state: 'exhausted' } });
      granting = shop.entitlements.grant(customerId, sold.id, byOperator);
      await lockWaiterSeen();
    });
    const second = await granting;
    expect(second).toMatchObject({ state: 'active' });
    expect(second?.id).not.toBe(first.id);
  });

  test('another package runs beside it', async () => {
    const [one, two] = [await shop.newPackage(), await shop.newPackage()];
    const customerId = await shop.newCustomer();
    await shop.entitlements.grant(customerId, one.id, byOperator);
    await shop.entitlements.grant(customerId, two.id, byOperator);
    expect((await shop.entitlements.list(customerId)).map((item) => item.endsAt)).toEqual([inHours(1), inHours(1)]);
  });

  test('no cap on either side leaves none', async () => {
    const sold = await shop.newPackage({ quotaOctets: '1000' });
    const customerId = await shop.newCustomer();
    await shop.entitlements.grant(customerId, sold.id, byOperator);
    await shop.packages.update(sold.id, { quotaOctets: null }, byOperator);
    expect(await shop.entitlements.grant(customerId, sold.id, byOperator)).toMatchObject({ quotaOctets: null });
  });

  test('more data or time than can be counted is refused and changes nothing', async () => {
    const vast = await shop.newPackage({ quotaOctets: '9223372036854775807' });
    const customerId = await shop.newCustomer();
    const granted = await shop.entitlements.grant(customerId, vast.id, byOperator);
    await expect(shop.entitlements.grant(customerId, vast.id, byOperator)).rejects.toMatchObject({ code: 'conflict' });
    expect(await shop.entitlements.list(customerId)).toEqual([granted]);
    const long = await shop.newPackage({ validForSeconds: 315_360_000 });
    const { id } = await shop.entitlements.grant(customerId, long.id, byOperator);
    await shop.db.entitlement.update({ where: { id }, data: { endsAt: new Date('9995-01-01T00:00:00Z') } });
    await expect(shop.entitlements.grant(customerId, long.id, byOperator)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('an unknown customer or package is not found', async () => {
    const unknown = '0190b5c1-0000-7000-8000-000000000000';
    const [customerId, sold] = [await shop.newCustomer(), await shop.newPackage()];
    const refused = { code: 'not_found' };
    await expect(shop.entitlements.grant(unknown, sold.id, byOperator)).rejects.toMatchObject(refused);
    await expect(shop.entitlements.grant(customerId, unknown, byOperator)).rejects.toMatchObject(refused);
    await expect(shop.entitlements.list(unknown)).rejects.toMatchObject(refused);
  });
});

describe('A12: ending what is over', () => {
  test('marks it, has the snapshot rewritten and its sessions ended, and leaves the rest alone', async () => {
    const [short, long] = [await shop.newPackage(), await shop.newPackage({ validForSeconds: 7_200 })];
    const customerId = await shop.newCustomer();
    const [over, runs] = [
      await shop.entitlements.grant(customerId, short.id, byOperator),
      await shop.entitlements.grant(customerId, long.id, byOperator),
    ];
    const ends = await shop.openSession({ customerId, entitlementId: over.id });
    await shop.openSession({ customerId, entitlementId: runs.id });
    shop.clock.advance(HOUR_MS - 1);
    expect(await shop.entitlements.expireDue()).toBe(0);
    shop.clock.advance(1);
    await shop.forgetJobs();
    const { revision } = await shop.customers.get(customerId);
    const { count } = shop.wakes;
    expect(await shop.entitlements.expireDue()).toBe(1);
    expect((await shop.entitlements.list(customerId)).map((item) => item.state)).toEqual(['active', 'expired']);
    expect((await shop.customers.get(customerId)).revision).toBe(revision + 1n);
    expect(await shop.jobs('subject.refresh')).toEqual([{ customerId }]);
    const commands = await shop.db.sessionCommand.findMany();
    expect(commands).toMatchObject([{ sessionId: ends, reason: 'time is over', requestedBy: 'system' }]);
    expect(await shop.jobs('session.disconnect')).toEqual([{ commandId: commands[0]?.id }]);
    expect(shop.wakes.count).toBe(count + 1);
    expect(await shop.entitlements.expireDue()).toBe(0);
    expect(await shop.jobs('subject.refresh')).toHaveLength(1);
  });

  test('two workers at once end each of 60 exactly once', async () => {
    const packages = [await shop.newPackage(), await shop.newPackage(), await shop.newPackage()];
    const customers: string[] = [];
    for (let count = 0; count < 20; count += 1) customers.push(await shop.newCustomer());
    for (const customerId of customers) {
      for (const { id } of packages) {
        const granted = await shop.entitlements.grant(customerId, id, byOperator);
        await shop.openSession({ customerId, entitlementId: granted.id });
      }
    }
    await shop.forgetJobs();
    shop.clock.advance(HOUR_MS);
    let ended = 0;
    for (let round = 0; round < 5; round += 1) {
      const workers = [shop.entitlements, shop.newEntitlements(), shop.newEntitlements()];
      for (const count of await Promise.all(workers.map((worker) => worker.expireDue()))) ended += count;
    }
    expect(ended).toBe(60);
    expect(await shop.db.entitlement.count({ where: { state: 'expired' } })).toBe(60);
    expect(await shop.db.sessionCommand.count()).toBe(60);
    expect(await shop.jobs('session.disconnect')).toHaveLength(60);
    const refreshed = new Set((await shop.jobs('subject.refresh')).map((payload) => JSON.stringify(payload)));
    expect(refreshed.size).toBe(20);
  });

  test('a repeat purchase in the last moment is never lost, whoever is first', async () => {
    const sold = await shop.newPackage();
    for (let round = 0; round < 5; round += 1) {
      const customerId = await shop.newCustomer();
      await shop.entitlements.grant(customerId, sold.id, byOperator);
      shop.clock.advance(HOUR_MS);
      await Promise.all([
        shop.entitlements.expireDue(),
        shop.entitlements.grant(customerId, sold.id, byOperator),
        shop.newEntitlements().expireDue(),
      ]);
      await shop.entitlements.expireDue();
      const [newest, older] = await shop.entitlements.list(customerId);
      expect([newest?.state, newest?.endsAt, older?.state]).toEqual(['active', inHours(1), 'expired']);
    }
  });

  test('200 customers whose time ends in the same second are done within 5 seconds', async () => {
    const sold = await shop.newPackage();
    const ids = (
      await shop.db.customer.createManyAndReturn({
        data: Array.from({ length: 200 }, (_, index) => ({ username: `many-${index}`, password: 'x' })),
      })
    ).map((row) => row.id);
    const { id: packageId, name: packageName, type, downKbps, upKbps, devices } = sold;
    const row = { packageId, packageName, type, downKbps, upKbps, devices, grantedBy: 'system' };
    const [startsAt, endsAt] = [shop.clock.now(), new Date(inHours(1))];
    await shop.db.entitlement.createMany({ data: ids.map((customerId) => ({ ...row, customerId, startsAt, endsAt })) });
    shop.clock.advance(HOUR_MS);
    const startedMs = performance.now();
    expect(await shop.entitlements.expireDue()).toBe(200);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });
});

/** Resolves once some statement of this database waits for a lock. */
async function lockWaiterSeen(): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    const waiting = await shop.db.$queryRaw<unknown[]>`
      SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    if (waiting.length > 0) return;
  }
  throw new Error('nobody waits for a lock');
}
