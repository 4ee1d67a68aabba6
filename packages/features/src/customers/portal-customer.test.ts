import { parseMacAddress, type MacAddress } from '@turnpike/core/mac-address.js';
import { parseMsisdn, type Msisdn } from '@turnpike/core/msisdn.js';
import { byOperator, openShop, type Shop } from '../entitlements/shop-rig.js';
import { customerOfPhone, MOST_DEVICES, rememberDevice } from './portal-customer.js';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

afterAll(async () => {
  await shop.close();
});

afterEach(async () => {
  await shop.db.sessionCommand.deleteMany();
  await shop.db.session.deleteMany();
  await shop.db.customer.deleteMany();
  await shop.forgetJobs();
});

function phone(text: string): Msisdn {
  const msisdn = parseMsisdn(text);
  if (msisdn === undefined) throw new Error(`${text} is no phone number`);
  return msisdn;
}

function mac(text: string): MacAddress {
  const parsed = parseMacAddress(text);
  if (parsed === undefined) throw new Error(`${text} is no MAC address`);
  return parsed;
}

const MAC = mac('AA:BB:CC:DD:EE:01');
const ask = (msisdn: Msisdn) => shop.transact((tx) => customerOfPhone(tx, shop.secretBox, msisdn));
const remember = (customerId: string, device: MacAddress) =>
  shop.transact((tx) => rememberDevice(tx, customerId, device));
const macsOf = async (customerId: string) => (await shop.devices.list(customerId)).map((device) => device.mac);

describe('the customer of a phone number', () => {
  test('is made with a password when there is none, and found by it afterwards', async () => {
    const made = await ask(phone('0712345678'));
    expect(made.created).toBe(true);
    const row = await shop.customers.get(made.id);
    expect(row).toMatchObject({ username: '254712345678', msisdn: '254712345678', status: 'active' });
    const place = { table: 'customer', row: made.id, column: 'password' };
    expect(shop.secretBox.open(row.password, place)).toMatch(/^[a-z2-9]{10}$/);
    expect(await shop.jobs('subject.refresh')).toEqual([{ customerId: made.id }]);
    expect(await ask(phone('+254 712 345 678'))).toEqual({ id: made.id, created: false });
  });

  test('is one, made once, when 50 ask at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(phone('0712000050'))));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect(await shop.db.customer.count()).toBe(1);
  });

  test('is the one whose username it is, who gets it as the phone number', async () => {
    const { row } = await shop.customers.create({ username: '254712345678' }, byOperator);
    expect(await ask(phone('0712345678'))).toEqual({ id: row.id, created: false });
    expect((await shop.customers.get(row.id)).msisdn).toBe('254712345678');
  });

  test('is another one when the username belongs to somebody with another number', async () => {
    await shop.customers.create({ username: '254712345678', msisdn: '0700000001' }, byOperator);
    const { id, created } = await ask(phone('0712345678'));
    expect(created).toBe(true);
    expect(await shop.customers.get(id)).toMatchObject({
      msisdn: '254712345678',
      username: expect.stringMatching(/^254712345678-[a-z2-9]{4}$/),
    });
  });
});

describe('remembering a device', () => {
  test('puts it on the list once and has the RADIUS snapshot rewritten', async () => {
    const customerId = await shop.newCustomer();
    await shop.forgetJobs();
    const { revision } = await shop.customers.get(customerId);
    await remember(customerId, MAC);
    await remember(customerId, MAC);
    expect(await macsOf(customerId)).toEqual([MAC]);
    expect((await shop.customers.get(customerId)).revision).toBe(revision + 1n);
    expect(await shop.jobs('subject.refresh')).toEqual([{ customerId }]);
  });

  test('moves it from the customer who had it, and ends what it had open there by its address alone', async () => {
    const [before, now] = [await shop.newCustomer(), await shop.newCustomer()];
    await remember(before, MAC);
    const byAddress = await shop.openSession({ customerId: before, callingStationId: MAC, username: MAC });
    await shop.openSession({ customerId: before, callingStationId: MAC, username: 'with a password' });
    await shop.forgetJobs();
    await remember(now, MAC);
    expect([await macsOf(before), await macsOf(now)]).toEqual([[], [MAC]]);
    const commands = await shop.db.sessionCommand.findMany();
    expect(commands).toMatchObject([
      { sessionId: byAddress, reason: 'the device belongs to another customer now', requestedBy: 'system' },
    ]);
    expect(await shop.jobs('subject.refresh')).toEqual([{ customerId: before }, { customerId: now }]);
  });

  test('leaves one that is blocked where it is', async () => {
    const [owner, other] = [await shop.newCustomer(), await shop.newCustomer()];
    const { id: deviceId } = await shop.devices.add(owner, { mac: MAC }, byOperator);
    await shop.devices.update({ id: owner, deviceId }, { blocked: true }, byOperator);
    await remember(other, MAC);
    expect(await shop.devices.list(owner)).toMatchObject([{ mac: MAC, blocked: true }]);
    expect(await macsOf(other)).toEqual([]);
  });

  test('makes room by dropping the one unseen for longest, never a blocked one', async () => {
    const customerId = await shop.newCustomer();
    const macs = Array.from({ length: MOST_DEVICES }, (_, index) => mac(`AA:BB:CC:00:00:${index + 10}`));
    const day = (index: number) => new Date(Date.UTC(2026, 0, 1 + index));
    await shop.db.customerDevice.createMany({
      data: macs.map((each, index) => ({ customerId, mac: each, createdAt: day(index), blocked: index === 0 })),
    });
    // The second oldest was seen since, so the third goes.
    await shop.openSession({ customerId, callingStationId: macs[1] ?? '' });
    await remember(customerId, MAC);
    const left = await macsOf(customerId);
    expect(left).toHaveLength(MOST_DEVICES);
    expect(left).toEqual(expect.arrayContaining([MAC, macs[0], macs[1]]));
    expect(left).not.toContain(macs[2]);
  });

  test('gives a device that many want at once to exactly one of them', async () => {
    const customers = await Promise.all(Array.from({ length: 8 }, () => shop.newCustomer()));
    await Promise.all(customers.map((id) => remember(id, MAC)));
    const lists = await Promise.all(customers.map(macsOf));
    expect(lists.flat()).toEqual([MAC]);
  });

  test('a customer who is gone is not found', async () => {
    await expect(remember('0190b5c1-0000-7000-8000-000000000000', MAC)).rejects.toMatchObject({ code: 'not_found' });
  });
});
