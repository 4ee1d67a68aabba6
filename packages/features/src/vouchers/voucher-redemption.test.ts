import { byOperator, openShop, type Shop } from '../entitlements/shop-rig.js';
import type { Redemption } from './voucher-redemption.js';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

afterAll(async () => {
  await shop.close();
});

afterEach(async () => {
  await shop.db.voucher.deleteMany();
  await shop.db.voucherBatch.deleteMany();
  await shop.db.entitlement.deleteMany();
  await shop.db.customer.deleteMany();
  await shop.forgetJobs();
});

const inHours = (hours: number): string => new Date(shop.clock.now().getTime() + hours * 3_600_000).toISOString();

async function newCodes(count: number, { packageId, expiresAt }: { packageId?: string; expiresAt?: string } = {}) {
  const id = packageId ?? (await shop.newPackage()).id;
  const { codes } = await shop.vouchers.createBatch({ packageId: id, count, expiresAt }, byOperator);
  await shop.forgetJobs();
  return codes;
}

async function newCode(options: Parameters<typeof newCodes>[1] = {}): Promise<string> {
  return (await newCodes(1, options))[0] ?? '';
}

function customerOf(redemption: Redemption): string {
  if (redemption.kind !== 'redeemed') throw new Error(`not redeemed: ${redemption.kind}`);
  return redemption.customerId;
}

describe('redeeming a voucher', () => {
  test('makes a customer named by the hash of the code, with access that starts now', async () => {
    const sold = await shop.newPackage({ quotaOctets: '1000', onlineSeconds: 600, sites: ['Town'], macLogin: true });
    const code = await newCode({ packageId: sold.id });
    shop.clock.advance(5_000);
    const { count } = shop.wakes;
    const customerId = customerOf(await shop.redemption.redeem(code));
    const customer = await shop.customers.get(customerId);
    expect(customer).toMatchObject({ username: shop.codes.usernameOf(code), msisdn: null, status: 'active' });
    const place = { table: 'customer', row: customerId, column: 'password' };
    expect(shop.secretBox.open(customer.password, place)).toMatch(/^[a-z2-9]{32}$/);
    expect(await shop.entitlements.list(customerId)).toMatchObject([
      {
        packageId: sold.id,
        packageName: sold.name,
        state: 'active',
        startsAt: inHours(0),
        endsAt: inHours(1),
        quotaOctets: '1000',
        onlineSeconds: 600,
        sites: ['Town'],
        macLogin: true,
      },
    ]);
    expect(await shop.jobs('subject.refresh')).toEqual([{ customerId }]);
    expect(shop.wakes.count).toBe(count + 1);
    expect(await shop.db.voucher.findMany()).toMatchObject([
      { state: 'redeemed', redeemedAt: shop.clock.now(), customerId },
    ]);
  });

  test('asked again it is the same customer, and nothing is added', async () => {
    const code = await newCode();
    const first = await shop.redemption.redeem(code);
    shop.clock.advance(60_000);
    expect(await shop.redemption.redeem(code)).toEqual(first);
    expect(await shop.entitlements.list(customerOf(first))).toHaveLength(1);
    expect(await shop.jobs('subject.refresh')).toHaveLength(1);
  });

  test('M8: 200 codes, each asked for 20 times at once, are 200 redemptions', async () => {
    const codes = await newCodes(200);
    const customers = new Map<string, Set<string>>();
    // Four processes: what they ask for at the same time only PostgreSQL keeps apart.
    const processes = [1, 2, 3, 4].map(() => shop.vouchersUnder(shop.keys).redemption);
    for (let from = 0; from < codes.length; from += 10) {
      const asked = codes
        .slice(from, from + 10)
        .flatMap((code) =>
          processes.flatMap((redemption) =>
            Array.from({ length: 5 }, async () => [code, await redemption.redeem(code)] as const),
          ),
        );
      for (const [code, redemption] of await Promise.all(asked)) {
        customers.set(code, (customers.get(code) ?? new Set()).add(customerOf(redemption)));
      }
    }
    expect([...customers.values()].map((ids) => ids.size)).toEqual(codes.map(() => 1));
    expect(await shop.db.customer.count()).toBe(200);
    expect(await shop.db.entitlement.count()).toBe(200);
    expect(await shop.jobs('subject.refresh')).toHaveLength(200);
  }, 120_000);

  test('M9: a code that was never made is unknown', async () => {
    await newCode();
    for (let guess = 0; guess < 20; guess += 1) {
      expect(await shop.redemption.redeem(shop.codes.generate())).toEqual({ kind: 'unknown' });
    }
    expect(await shop.db.customer.count()).toBe(0);
  });

  test('is refused once its time is over, and stays so', async () => {
    const [code, other] = await newCodes(2, { expiresAt: inHours(1) });
    expect(await shop.redemption.redeem(other ?? '')).toMatchObject({ kind: 'redeemed' });
    shop.clock.advance(3_600_000);
    expect(await shop.redemption.redeem(code ?? '')).toEqual({ kind: 'expired' });
    expect(await shop.redemption.redeem(code ?? '')).toEqual({ kind: 'expired' });
    expect(await shop.redemption.redeem(other ?? '')).toMatchObject({ kind: 'redeemed' });
  });

  test('a batch that is revoked meanwhile leaves each code either redeemed or revoked', async () => {
    const { id: packageId } = await shop.newPackage();
    const { id, codes } = await shop.vouchers.createBatch({ packageId, count: 20 }, byOperator);
    const [{ revoked }, ...redeemed] = await Promise.all([
      shop.vouchers.revokeBatch(id, byOperator),
      ...codes.map((code) => shop.redemption.redeem(code)),
    ]);
    expect(redeemed.filter(({ kind }) => kind === 'redeemed')).toHaveLength(20 - revoked);
    expect(await shop.db.customer.count()).toBe(20 - revoked);
    expect(await shop.db.voucher.count({ where: { state: 'revoked' } })).toBe(revoked);
  });

  test('gives the terms of the day the codes were made, whatever has become of the package', async () => {
    const sold = await shop.newPackage({ quotaOctets: '1000' });
    const code = await newCode({ packageId: sold.id });
    const change = { name: 'Dearer', downKbps: 1, quotaOctets: null, validForSeconds: 60, active: false };
    await shop.packages.update(sold.id, change, byOperator);
    const customerId = customerOf(await shop.redemption.redeem(code));
    const [given] = await shop.entitlements.list(customerId);
    expect(given).toMatchObject({
      packageName: sold.name,
      downKbps: sold.downKbps,
      quotaOctets: '1000',
      endsAt: inHours(1),
    });
  });

  test('the customer keeps the username that belongs to the code', async () => {
    const customerId = customerOf(await shop.redemption.redeem(await newCode()));
    await expect(shop.customers.update(customerId, { username: 'amina' }, byOperator)).rejects.toMatchObject({
      code: 'conflict',
      issues: [{ path: 'username' }],
    });
    const { username } = await shop.customers.get(customerId);
    await expect(
      shop.customers.update(customerId, { username, msisdn: '0712345678' }, byOperator),
    ).resolves.toMatchObject({
      username,
      msisdn: '254712345678',
    });
  });
});

describe('a code of which an account has the time', () => {
  const MAC = 'AA:BB:CC:00:00:01';

  test('logs in the devices of that account and nobody else who finds the paper', async () => {
    const code = await newCode();
    const customerId = await shop.newCustomer();
    await shop.devices.add(customerId, { mac: MAC, name: 'phone' }, byOperator);
    const redeemed = { kind: 'redeemed', customerId };
    expect(await shop.redemption.redeem(code, { customerId })).toEqual(redeemed);
    expect(await shop.redemption.redeem(code, { customerId })).toEqual(redeemed);
    expect(await shop.redemption.redeem(code, { device: MAC })).toEqual(redeemed);
    expect(await shop.redemption.redeem(code, { device: 'AA:BB:CC:00:00:02' })).toEqual({ kind: 'used' });
    expect(await shop.redemption.redeem(code)).toEqual({ kind: 'used' });
    expect(await shop.redemption.redeem(code, { customerId: await shop.newCustomer() })).toEqual({ kind: 'used' });
    expect(await shop.entitlements.list(customerId)).toHaveLength(1);
    await shop.db.customerDevice.deleteMany();
  });

  test('is known by the same rules after the key was rotated', async () => {
    const code = await newCode();
    const customerId = await shop.newCustomer();
    await shop.redemption.redeem(code, { customerId });
    const { username } = await shop.customers.get(customerId);
    const rotated = shop.vouchersUnder(['77'.repeat(32), ...shop.keys]);
    expect(await rotated.redemption.redeem(code)).toEqual({ kind: 'used' });
    expect(await rotated.redemption.redeem(code, { customerId })).toEqual({ kind: 'redeemed', customerId });
    expect((await shop.customers.get(customerId)).username).toBe(username);
  });

  test('M8: two accounts and a stranger at once: one has it', async () => {
    const code = await newCode();
    const [one, other] = [await shop.newCustomer(), await shop.newCustomer()];
    const all = await Promise.all([
      shop.redemption.redeem(code, { customerId: one }),
      shop.redemption.redeem(code, { customerId: other }),
      shop.redemption.redeem(code),
    ]);
    expect(await shop.db.entitlement.count()).toBe(1);
    expect(all.some(({ kind }) => kind === 'redeemed')).toBe(true);
  });
});

test('a package whose time begins with the first login waits for that', async () => {
  const { id: packageId } = await shop.newPackage({ validFrom: 'first_login' });
  const customerId = customerOf(await shop.redemption.redeem(await newCode({ packageId })));
  expect(await shop.entitlements.list(customerId)).toMatchObject([{ state: 'pending' }]);
});

describe('when the encryption key is rotated', () => {
  const NEW_KEY = '77'.repeat(32);

  test('codes made before are redeemed, and are then known under the new key', async () => {
    const code = await newCode();
    const rotated = shop.vouchersUnder([NEW_KEY, ...shop.keys]);
    const customerId = customerOf(await rotated.redemption.redeem(code));
    expect((await shop.customers.get(customerId)).username).toBe(rotated.codes.usernameOf(code));
    expect(await shop.vouchersUnder([NEW_KEY]).redemption.redeem(code)).toEqual({ kind: 'redeemed', customerId });
  });

  test('whoever redeemed before goes on under the new name, with the same access', async () => {
    const code = await newCode();
    const customerId = customerOf(await shop.redemption.redeem(code));
    const before = await shop.customers.get(customerId);
    await shop.forgetJobs();
    const rotated = shop.vouchersUnder([NEW_KEY, ...shop.keys]);
    const all = await Promise.all(Array.from({ length: 5 }, () => rotated.redemption.redeem(code)));
    expect(all).toEqual(all.map(() => ({ kind: 'redeemed', customerId })));
    const after = await shop.customers.get(customerId);
    expect([after.username, after.revision]).toEqual([rotated.codes.usernameOf(code), before.revision + 1n]);
    expect(await shop.jobs('subject.refresh')).toEqual([{ customerId }]);
    expect(await shop.entitlements.list(customerId)).toHaveLength(1);
  });
});
