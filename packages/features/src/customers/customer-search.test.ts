import { performance } from 'node:perf_hooks';
import { byOperator, openShop, type Shop } from '../entitlements/shop-rig.js';
import { createCustomerSearch } from './customer-search.service.js';

const MAC = 'AA:BB:CC:DD:EE:01';
const CROWD = 100_000;

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

afterAll(async () => {
  await shop.close();
});

/** `username (what matched)` of those found. */
async function found(q: string): Promise<string[]> {
  const rows = await createCustomerSearch(shop).find({ limit: 50, q });
  return rows.map(({ row, matched }) => `${row.username} (${matched.join(', ')})`).sort();
}

describe('a search', () => {
  let code: string;

  beforeAll(async () => {
    const { row: amina } = await shop.customers.create(
      { username: 'amina', msisdn: '0722123456', email: 'Amina@example.net' },
      byOperator,
    );
    const { row: otieno } = await shop.customers.create({ username: 'otieno', msisdn: '0733999888' }, byOperator);
    await shop.devices.add(amina.id, { mac: MAC }, byOperator);
    const online = await shop.openSession({ customerId: otieno.id, callingStationId: 'AA:BB:CC:DD:EE:02' });
    const over = await shop.openSession({ customerId: amina.id, callingStationId: 'AA:BB:CC:DD:EE:03' });
    await shop.db.session.update({ where: { id: online }, data: { framedIpAddress: '10.5.50.7' } });
    await shop.db.session.update({ where: { id: over }, data: { framedIpAddress: '10.5.50.7', state: 'closed' } });
    await shop.db.payment.create({
      data: {
        reference: 'reference-1',
        provider: 'mpesa',
        state: 'succeeded',
        purpose: 'package',
        customerId: amina.id,
        amountMinor: 5_000n,
        currency: 'KES',
        receipt: 'SKL3ABCDEF',
        createdBy: 'portal',
      },
    });
    const { id: packageId } = await shop.newPackage();
    code = shop.codes.generate();
    const batch = { packageId, count: 1, terms: {}, createdBy: 'test' };
    const { id: batchId } = await shop.db.voucherBatch.create({ data: batch });
    const codeHash = shop.codes.hash(code);
    await shop.db.voucher.create({ data: { batchId, codeHash, state: 'redeemed', customerId: otieno.id } });
  });

  test.each(['0722123456', '0722 123 456', '+254 722-123-456', '254722123456', '722123456'])(
    'for the phone number written as %j finds its customer',
    async (q) => expect(await found(q)).toEqual(['amina (msisdn)']),
  );

  test.each(['0722', '+254 722', '7221', '3456', '22-123'])(
    'for the digits %j finds the number they are part of',
    async (q) => expect(await found(q)).toEqual(['amina (msisdn)']),
  );

  test('for three digits looks at usernames only', async () => expect(await found('722')).toEqual([]));

  test.each(['AMIN', 'mina'])('for the part %j of a username finds it in any case', async (q) =>
    expect(await found(q)).toEqual(['amina (username)']),
  );

  test('for an e-mail address finds its customer', async () =>
    expect(await found('amina@EXAMPLE.net')).toEqual(['amina (email)']));

  test.each([MAC, 'aa-bb-cc-dd-ee-01', 'aabb.ccdd.ee01', 'AABBCCDDEE01'])(
    'for the device %j finds its owner',
    async (q) => expect(await found(q)).toEqual(['amina (device)']),
  );

  test('for a device that is online without being on a list finds who uses it', async () => {
    expect(await found('aabbccddee02')).toEqual(['otieno (online_device)']);
    expect(await found('aabbccddee03')).toEqual([]);
  });

  test('for an address finds who has it now, not who had it', async () =>
    expect(await found('10.5.50.7')).toEqual(['otieno (ip)']));

  test.each(['SKL3ABCDEF', 'skl3abcdef'])('for the receipt %j finds who paid', async (q) =>
    expect(await found(q)).toEqual(['amina (receipt)']),
  );

  test('for a voucher code finds who redeemed it, whatever its spelling', async () => {
    expect(await found(code.toLowerCase().replaceAll('-', ' '))).toEqual(['otieno (voucher)']);
  });

  test('for text that may mean two things says for each customer which it was', async () => {
    await shop.customers.create({ username: 'lab-0722' }, byOperator);
    expect(await found('0722')).toEqual(['amina (msisdn)', 'lab-0722 (username)']);
  });
});

describe(`among ${CROWD} customers`, () => {
  beforeAll(async () => {
    await shop.db.$executeRaw`
      INSERT INTO customer (id, username, msisdn, password, updated_at)
      SELECT ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'person-' || n,
             CASE WHEN n % 2 = 0 THEN '2541' || lpad(n::text, 8, '0') END, repeat('s', 90), now()
      FROM generate_series(1, ${CROWD}::int) AS n`;
    await shop.db.$executeRawUnsafe('VACUUM ANALYZE customer');
  }, 60_000);

  const search = () => createCustomerSearch(shop);

  test('pages through what is common show each once, newest first', async () => {
    const seen: string[] = [];
    for (let cursor: string | undefined; seen.length < 150; cursor = seen.at(-1)) {
      const rows = await search().find({ limit: 50, cursor, q: 'person-99' });
      seen.push(...rows.slice(0, 50).map(({ row }) => row.id));
    }
    expect(new Set(seen).size).toBe(150);
    expect(seen).toEqual([...seen].sort().reverse());
  });

  test.each([
    ['a whole number', '0100099998', 1],
    ['a common part of a name', 'person', 51],
    ['a rare part of a name', 'SON-54321', 1],
    ['a part without letters', '-54321', 1],
    ['no one at all', 'nobody-has-this', 0],
    ['the last digits of a number', '0054322', 1],
    ['the first digits of a number', '01000', 51],
  ])('%s is answered within 50 ms, or as fast as a busy machine reads the table', async (_what, q, count) => {
    const times: number[] = [];
    const passes: number[] = [];
    const timed = async <Result>(into: number[], work: () => PromiseLike<Result>): Promise<Result> => {
      const from = performance.now();
      const result = await work();
      into.push(performance.now() - from);
      return result;
    };
    while (times.length < 20 && !times.some((ms) => ms <= 50)) {
      expect(await timed(times, () => search().find({ limit: 50, q }))).toHaveLength(count);
      await timed(passes, () => shop.db.$queryRaw`SELECT count(*) FROM customer WHERE password LIKE '%zz%'`);
    }
    expect(Math.min(...times)).toBeLessThanOrEqual(Math.max(50, 3 * Math.min(...passes)));
  });
});
