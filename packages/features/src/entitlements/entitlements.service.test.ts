import { ENTITLEMENT_MOVES } from './entitlement-states.js';
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

const noTerms = {
  onlineSeconds: null,
  schedule: null,
  timeZone: 'Africa/Nairobi',
  fairUse: null,
  sites: [],
  routerIds: [],
  macLogin: false,
  burst: null,
};

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
      ...noTerms,
      validFrom: 'purchase',
      validForSeconds: null,
      suspendedAt: null,
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

  test('copies every term, and a repeat purchase adds up what is counted and keeps what was sold', async () => {
    const terms = {
      quotaOctets: '1000',
      onlineSeconds: 600,
      schedule: [{ days: [1, 7], from: '08:00', to: '18:30' }],
      timeZone: 'Africa/Lagos',
      fairUse: [{ afterOctets: '500', downKbps: 1_000, upKbps: 500 }],
      sites: ['Town'],
      routerIds: [await shop.newRouter('Copied')],
      macLogin: true,
      burst: { downKbps: 9_000, upKbps: 4_000, thresholdDownKbps: 4_000, thresholdUpKbps: 1_500, seconds: 16 },
    };
    const sold = await shop.newPackage(terms);
    const customerId = await shop.newCustomer();
    const first = await shop.entitlements.grant(customerId, sold.id, byOperator);
    expect(first).toMatchObject(terms);
    const { onlineSeconds, quotaOctets, ...others } = await changeAll(sold.id);
    expect([onlineSeconds, quotaOctets]).toEqual([60, '10']);
    expect(others).not.toMatchObject({ sites: ['Town'] });
    const second = await shop.entitlements.grant(customerId, sold.id, byOperator);
    expect(second).toEqual({ ...first, endsAt: inHours(2), onlineSeconds: 660, quotaOctets: '1010' });
    await shop.packages.update(sold.id, { onlineSeconds: null }, byOperator);
    expect(await shop.entitlements.grant(customerId, sold.id, byOperator)).toMatchObject({ onlineSeconds: null });
    await shop.packages.update(sold.id, { onlineSeconds: 60 }, byOperator);
    expect(await shop.entitlements.grant(customerId, sold.id, byOperator)).toMatchObject({ onlineSeconds: null });
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

  test('more data or time than can be counted or written runs beside what runs: nobody pays for nothing', async () => {
    const vast = await shop.newPackage({ quotaOctets: '9223372036854775807' });
    const customerId = await shop.newCustomer();
    const granted = await shop.entitlements.grant(customerId, vast.id, byOperator);
    const beside = await shop.entitlements.grant(customerId, vast.id, byOperator);
    expect(await shop.entitlements.list(customerId)).toEqual([beside, granted]);
    const long = await shop.newPackage({ validForSeconds: 315_360_000 });
    const { id } = await shop.entitlements.grant(customerId, long.id, byOperator);
    await shop.db.entitlement.update({ where: { id }, data: { endsAt: new Date('9995-01-01T00:00:00Z') } });
    const other = await shop.entitlements.grant(customerId, long.id, byOperator);
    expect([other.id === id, other.endsAt]).toEqual([false, inHours(315_360_000 / 3_600)]);
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

describe('suspending, resuming and refunding an entitlement', () => {
  async function granted(changes: Record<string, unknown> = {}) {
    const customerId = await shop.newCustomer();
    const { id } = await shop.entitlements.grant(customerId, (await shop.newPackage(changes)).id, byOperator);
    await shop.forgetJobs();
    return { customerId, id };
  }

  test.each([
    ['suspend', 'suspended', 'access suspended'],
    ['refund', 'refunded', 'access refunded'],
  ] as const)('%s ends its sessions and no other, and has the snapshot rewritten', async (verb, state, reason) => {
    const { customerId, id } = await granted();
    const { id: other } = await shop.entitlements.grant(customerId, (await shop.newPackage()).id, byOperator);
    const sessionId = await shop.openSession({ customerId, entitlementId: id });
    await shop.openSession({ customerId, entitlementId: other });
    await shop.forgetJobs();
    const [{ revision }, { count }] = [await shop.customers.get(customerId), shop.wakes];
    expect(await shop.entitlements[verb](id, byOperator)).toMatchObject({ id, state });
    expect(await shop.db.sessionCommand.findMany()).toMatchObject([{ sessionId, reason, requestedBy: 'operator-1' }]);
    expect(await shop.jobs('session.disconnect')).toHaveLength(1);
    expect(await shop.jobs('subject.refresh')).toEqual([{ customerId }]);
    expect((await shop.customers.get(customerId)).revision).toBe(revision + 1n);
    expect(shop.wakes.count).toBe(count + 1);
    const entry = await shop.db.auditEntry.findFirst({ orderBy: { id: 'desc' } });
    expect(entry).toMatchObject({
      action: `entitlement.${verb}`,
      subjectId: customerId,
      details: { entitlementId: id, from: 'active', to: state },
    });
  });

  test('resuming gives back the time that was left, however long it was suspended', async () => {
    const { customerId, id } = await granted({ quotaOctets: '1000' });
    shop.clock.advance(HOUR_MS / 4);
    const left = { endsAt: inHours(0.75), quotaOctets: '1000' };
    expect(await shop.entitlements.suspend(id, byOperator)).toMatchObject({ ...left, suspendedAt: inHours(0) });
    shop.clock.advance(50 * HOUR_MS);
    expect(await shop.entitlements.expireDue()).toBe(0);
    expect(await shop.entitlements.resume(id, byOperator)).toMatchObject({
      state: 'active',
      suspendedAt: null,
      endsAt: inHours(0.75),
      quotaOctets: '1000',
    });
    expect(await shop.jobs('subject.refresh')).toEqual([{ customerId }, { customerId }]);
    shop.clock.advance(HOUR_MS * 0.75);
    expect(await shop.entitlements.expireDue()).toBe(1);
  });

  test.each([
    ['usedOctets', { quotaOctets: '1000' }, 'data is used up'],
    ['usedSeconds', { onlineSeconds: 1_000 }, 'time online is used up'],
  ])('what was used up meanwhile (%s) is not resumed', async (column, terms, words) => {
    const { id } = await granted(terms);
    await shop.entitlements.suspend(id, byOperator);
    await shop.db.entitlement.update({ where: { id }, data: { [column]: 1_000 } });
    await expect(shop.entitlements.resume(id, byOperator)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(words),
    });
  });

  test('what is over but not yet marked is over', async () => {
    const { id } = await granted();
    shop.clock.advance(HOUR_MS);
    await expect(shop.entitlements.suspend(id, byOperator)).rejects.toMatchObject({
      code: 'conflict',
      message: 'this entitlement cannot be suspended: its time is over; grant a package anew',
    });
  });

  const verbs = { active: 'resume', suspended: 'suspend', refunded: 'refund' } as const;
  const states = ['pending', 'active', 'suspended', 'expired', 'exhausted', 'refunded'] as const;
  const targets = ['active', 'suspended', 'refunded'] as const;
  // What is pending becomes active by its first use, not by a resume.
  const isLegal = (from: (typeof states)[number], to: (typeof targets)[number]): boolean =>
    ENTITLEMENT_MOVES[from].includes(to) && !(from === 'pending' && to === 'active');
  const moves = states.flatMap((from) => targets.map((to) => [from, to, isLegal(from, to)] as const));

  test.each(moves)('from %s to %s: legal is %p', async (from, to, legal) => {
    const { customerId, id } = await granted();
    const sessionId = await shop.openSession({ customerId, entitlementId: id });
    // What is pending begins later: one whose time has come is taken as active.
    const later = from === 'pending' ? { startsAt: inHours(0.5) } : {};
    await shop.db.entitlement.update({ where: { id }, data: { state: from, ...later } });
    const moved = shop.entitlements[verbs[to]](id, byOperator);
    if (legal) {
      expect(await moved).toMatchObject({ state: to });
      return;
    }
    await expect(moved).rejects.toMatchObject({ code: 'conflict', extra: { state: from } });
    expect((await shop.db.entitlement.findUniqueOrThrow({ where: { id } })).state).toBe(from);
    expect(await shop.db.sessionCommand.count({ where: { sessionId } })).toBe(0);
    expect(await shop.jobs('subject.refresh')).toEqual([]);
  });

  test('a repeat purchase beside a suspended one starts a new one', async () => {
    const { customerId, id } = await granted();
    const { packageId } = await shop.entitlements.suspend(id, byOperator);
    const next = await shop.entitlements.grant(customerId, packageId, byOperator);
    expect([next.id === id, next.state, next.endsAt]).toEqual([false, 'active', inHours(1)]);
  });

  test('of 10 refunds at once one is done, the others are told', async () => {
    const { id } = await granted();
    const all = await Promise.allSettled(Array.from({ length: 10 }, () => shop.entitlements.refund(id, byOperator)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of all) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'conflict' });
  });

  test('an unknown one is not found', async () => {
    const unknown = '0190b5c1-0000-7000-8000-000000000000';
    for (const verb of ['suspend', 'resume', 'refund'] as const) {
      await expect(shop.entitlements[verb](unknown, byOperator)).rejects.toMatchObject({ code: 'not_found' });
    }
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

/** Other terms from now on. */
function changeAll(packageId: string) {
  const terms = { ...noTerms, onlineSeconds: 60, quotaOctets: '10', downKbps: 1, upKbps: 1, devices: 9 };
  return shop.packages.update(packageId, terms, byOperator);
}

/** Resolves once some statement of this database waits for a lock. */
async function lockWaiterSeen(): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    const waiting = await shop.db.$queryRaw<unknown[]>`
      SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    if (waiting.length > 0) return;
  }
  throw new Error('nobody waits for a lock');
}
