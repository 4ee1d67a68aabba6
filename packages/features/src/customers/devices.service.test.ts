import { addDevice, updateDevice } from '@turnpike/contracts/devices.js';
import { parseMacAddress } from '@turnpike/core/mac-address.js';
import { byOperator, openShop, type Shop } from '../entitlements/shop-rig.js';
import { MOST_DEVICES } from './portal-customer.js';

const MAC = 'AA:BB:CC:DD:EE:01';
const OTHER = 'AA:BB:CC:DD:EE:02';
const UNKNOWN = '0190b5c1-0000-7000-8000-000000000000';

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

/** Why each session that was ordered to end ends, by session. */
async function ended(): Promise<Record<string, string>> {
  const commands = await shop.db.sessionCommand.findMany();
  return Object.fromEntries(commands.map(({ sessionId, reason }) => [sessionId, reason]));
}

describe('the devices of a customer', () => {
  test.each(['aa:bb:cc:dd:ee:01', 'AA-BB-CC-DD-EE-01', 'aabb.ccdd.ee01', 'AABBCCDDEE01', ' aabb-ccdd-ee01 '])(
    'a MAC address written as %j is one device',
    async (mac) => {
      const customerId = await shop.newCustomer();
      const made = await shop.devices.add(customerId, addDevice.body.parse({ mac, name: ' Phone ' }), byOperator);
      expect(made).toMatchObject({ mac: MAC, name: 'Phone', blocked: false });
      expect(await shop.devices.list(customerId)).toEqual([made]);
    },
  );

  test.each(['', 'phone', 'AA:BB:CC:DD:EE', 'AA:BB:CC:DD:EE:GG', 'AA:BB-CC:DD:EE:01'])('%j is refused', async (mac) => {
    await expect(shop.devices.add(await shop.newCustomer(), { mac }, byOperator)).rejects.toMatchObject({
      code: 'validation_failed',
      message: expect.stringContaining('AA:BB:CC:DD:EE:FF'),
      issues: [{ path: 'mac' }],
    });
  });

  test('every change moves the revision, has the snapshot rewritten and is written down', async () => {
    const customerId = await shop.newCustomer();
    await shop.forgetJobs();
    const { revision } = await shop.customers.get(customerId);
    const { id: deviceId } = await shop.devices.add(customerId, { mac: MAC }, byOperator);
    await shop.devices.update({ id: customerId, deviceId }, { name: 'Laptop', blocked: true }, byOperator);
    await shop.devices.remove({ id: customerId, deviceId }, byOperator);
    expect((await shop.customers.get(customerId)).revision).toBe(revision + 3n);
    expect(await shop.jobs('subject.refresh')).toEqual([{ customerId }, { customerId }, { customerId }]);
    const entries = await shop.db.auditEntry.findMany({ where: { subjectId: customerId }, orderBy: { id: 'asc' } });
    expect(entries.map(({ action }) => action)).toEqual([
      'customer.create',
      'device.add',
      'device.update',
      'device.remove',
    ]);
    expect(await shop.devices.list(customerId)).toEqual([]);
  });

  test('a device belongs to one customer: the refusal names whose it is and what to do', async () => {
    const [owner, other] = [await shop.newCustomer(), await shop.newCustomer()];
    await shop.devices.add(owner, { mac: MAC }, byOperator);
    const { username } = await shop.customers.get(owner);
    await expect(shop.devices.add(other, { mac: MAC.toLowerCase() }, byOperator)).rejects.toMatchObject({
      code: 'name_taken',
      message: `${MAC} belongs to customer ${username} (${owner}): remove it there first`,
      issues: [{ path: 'mac', message: 'is taken' }],
    });
    await expect(shop.devices.add(owner, { mac: MAC }, byOperator)).rejects.toMatchObject({
      message: `${MAC} is on the list of this customer already`,
    });
  });

  test('of two customers who add one device at once, one is told that it is taken', async () => {
    for (let round = 0; round < 5; round += 1) {
      const customers = [await shop.newCustomer(), await shop.newCustomer(), await shop.newCustomer()];
      const mac = `AA:BB:CC:00:00:0${round}`;
      const all = await Promise.allSettled(customers.map((id) => shop.devices.add(id, { mac }, byOperator)));
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const one of all) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'name_taken' });
    }
  });

  test('there are at most 10 unless configured otherwise, also when they are added at once', async () => {
    const customerId = await shop.newCustomer();
    const macs = Array.from({ length: MOST_DEVICES + 4 }, (_, index) => `AABBCC0000${(index + 16).toString(16)}`);
    await shop.db.customerDevice.createMany({ data: macs.slice(8).map((mac) => ({ customerId, mac })) });
    const all = await Promise.allSettled(
      macs.slice(0, 8).map((mac) => shop.devices.add(customerId, { mac }, byOperator)),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    expect(await shop.devices.list(customerId)).toHaveLength(MOST_DEVICES);
    await expect(shop.devices.add(customerId, { mac: MAC }, byOperator)).rejects.toMatchObject({
      code: 'conflict',
      message: '10 devices are on the list already, which is the most: remove one first',
    });
  });

  test('one of somebody else, or of nobody, is not found', async () => {
    const [owner, other] = [await shop.newCustomer(), await shop.newCustomer()];
    const { id: deviceId } = await shop.devices.add(owner, { mac: MAC }, byOperator);
    const refused = { code: 'not_found' };
    await expect(shop.devices.update({ id: other, deviceId }, { blocked: true }, byOperator)).rejects.toMatchObject(
      refused,
    );
    await expect(shop.devices.remove({ id: other, deviceId }, byOperator)).rejects.toMatchObject(refused);
    await expect(shop.devices.list(UNKNOWN)).rejects.toMatchObject(refused);
    await expect(shop.devices.add(UNKNOWN, { mac: OTHER }, byOperator)).rejects.toMatchObject(refused);
    expect(await shop.devices.list(owner)).toMatchObject([{ id: deviceId, blocked: false }]);
  });

  test('a name holds no control characters, and no other field can be changed', () => {
    expect(addDevice.body.safeParse({ mac: MAC, name: 'a\0b' }).success).toBe(false);
    expect(updateDevice.body.safeParse({ mac: OTHER }).success).toBe(false);
  });
});

describe('what ends when devices change', () => {
  test('blocking a device ends its sessions and no other', async () => {
    const customerId = await shop.newCustomer();
    const { id: deviceId } = await shop.devices.add(customerId, { mac: MAC }, byOperator);
    const sessionId = await shop.openSession({ customerId, callingStationId: MAC });
    await shop.openSession({ customerId, callingStationId: OTHER });
    await shop.openSession({ customerId: await shop.newCustomer(), callingStationId: MAC });
    await shop.devices.update({ id: customerId, deviceId }, { blocked: true }, byOperator);
    expect(await ended()).toEqual({ [sessionId]: 'device blocked' });
    await shop.devices.update({ id: customerId, deviceId }, { blocked: false }, byOperator);
    expect(Object.keys(await ended())).toHaveLength(1);
  });

  test('a device that is forgotten loses what its address alone opened', async () => {
    const customerId = await shop.newCustomer();
    const { id: deviceId } = await shop.devices.add(customerId, { mac: MAC }, byOperator);
    const byAddress = await shop.openSession({ customerId, callingStationId: MAC, username: 'aabb.ccdd.ee01' });
    await shop.openSession({ customerId, callingStationId: MAC, username: 'with a password' });
    await shop.devices.remove({ id: customerId, deviceId }, byOperator);
    expect(await ended()).toEqual({ [byAddress]: 'device removed' });
  });

  test('a device that is forgotten loses everything where only listed ones may log in', async () => {
    const customerId = await shop.newCustomer();
    const { id: deviceId } = await shop.devices.add(customerId, { mac: MAC }, byOperator);
    await shop.customers.update(customerId, { devicesOnly: true }, byOperator);
    const sessionId = await shop.openSession({ customerId, callingStationId: MAC, username: 'with a password' });
    await shop.devices.remove({ id: customerId, deviceId }, byOperator);
    expect(await ended()).toEqual({ [sessionId]: 'device removed' });
  });

  test('letting only listed devices in ends the sessions of all others', async () => {
    const customerId = await shop.newCustomer();
    await shop.devices.add(customerId, { mac: MAC }, byOperator);
    const blocked = await shop.devices.add(customerId, { mac: 'AA:BB:CC:DD:EE:03' }, byOperator);
    await shop.devices.update({ id: customerId, deviceId: blocked.id }, { blocked: true }, byOperator);
    await shop.openSession({ customerId, callingStationId: MAC });
    const others = [
      await shop.openSession({ customerId, callingStationId: OTHER }),
      await shop.openSession({ customerId, callingStationId: blocked.mac }),
      await shop.openSession({ customerId }),
    ];
    expect(await shop.customers.update(customerId, { devicesOnly: true }, byOperator)).toMatchObject({
      devicesOnly: true,
    });
    expect(Object.keys(await ended()).sort()).toEqual(others.sort());
    expect(await shop.customers.update(customerId, { devicesOnly: false }, byOperator)).toMatchObject({
      devicesOnly: false,
    });
  });
});

describe('what a customer does in the portal', () => {
  const mac = (text: string) => {
    const parsed = parseMacAddress(text);
    if (parsed === undefined) throw new Error(`${text} is no MAC address`);
    return parsed;
  };

  test('a device shows when it was last seen, however its NAS spells it', async () => {
    const customerId = await shop.newCustomer();
    await shop.devices.add(customerId, { mac: MAC }, byOperator);
    await shop.devices.add(customerId, { mac: OTHER }, byOperator);
    await shop.openSession({ customerId, callingStationId: 'aa-bb-cc-dd-ee-01' });
    expect(await shop.devices.forPortal(customerId).list()).toMatchObject([
      { mac: OTHER, lastSeenAt: null },
      { mac: MAC, lastSeenAt: '2026-03-01T12:00:00.000Z' },
    ]);
  });

  test('the device in the hand is added, also when it was on the list of somebody else', async () => {
    const [before, now] = [await shop.newCustomer(), await shop.newCustomer()];
    await shop.devices.add(before, { mac: MAC, name: 'Phone of before' }, byOperator);
    const mine = shop.devices.forPortal(now);
    expect(await mine.addThis(mac(MAC))).toMatchObject({ mac: MAC, name: '' });
    expect(await mine.addThis(mac(MAC))).toMatchObject({ mac: MAC });
    expect(await shop.devices.list(before)).toEqual([]);
    expect(await mine.list()).toHaveLength(1);
  });

  test('a full list says so and keeps what is on it until one is removed', async () => {
    const customerId = await shop.newCustomer();
    const macs = Array.from({ length: MOST_DEVICES }, (_, index) => `AA:BB:CC:00:01:${index + 10}`);
    await shop.db.customerDevice.createMany({ data: macs.map((each) => ({ customerId, mac: each })) });
    const mine = shop.devices.forPortal(customerId);
    await expect(mine.addThis(mac(MAC))).rejects.toMatchObject({
      code: 'conflict',
      message: '10 devices are on the list already, which is the most: remove one first',
    });
    await mine.remove((await mine.list())[0]?.id ?? '');
    expect(await mine.addThis(mac(MAC))).toMatchObject({ mac: MAC });
    expect(await mine.list()).toHaveLength(MOST_DEVICES);
  });

  test('what an operator has blocked can neither be taken over nor removed', async () => {
    const [owner, other] = [await shop.newCustomer(), await shop.newCustomer()];
    const { id: deviceId } = await shop.devices.add(owner, { mac: MAC }, byOperator);
    await shop.devices.update({ id: owner, deviceId }, { blocked: true }, byOperator);
    const refused = { code: 'conflict', message: expect.stringContaining('has been blocked') };
    await expect(shop.devices.forPortal(other).addThis(mac(MAC))).rejects.toMatchObject(refused);
    await expect(shop.devices.forPortal(owner).remove(deviceId)).rejects.toMatchObject(refused);
    expect(await shop.devices.list(owner)).toMatchObject([{ mac: MAC, blocked: true }]);
  });
});
