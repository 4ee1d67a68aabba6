import { SecretBox } from '@turnpike/core/secret-box.js';
import { CODE } from '@turnpike/radius/attributes.js';
import { TEST_KEY } from '@turnpike/testkit/access-rows.js';
import { accessRequest, openAccessRig, PASSWORD, type AccessProcess, type AccessRig } from './access-process-rig.js';

let rig: AccessRig;
let radius: AccessProcess;

beforeAll(async () => {
  rig = await openAccessRig();
  radius = await rig.openProcess();
});

afterEach(() => rig.restore(radius));

afterAll(() => rig.close());

/** Names of commands the process sends to Redis meanwhile. */
async function commandsOf(work: () => Promise<unknown>): Promise<string[]> {
  const commands: string[] = [];
  const send = radius.redis.sendCommand.bind(radius.redis);
  radius.redis.sendCommand = (command, stream) => {
    commands.push(command.name);
    return send(command, stream);
  };
  try {
    await work();
  } finally {
    radius.redis.sendCommand = send;
  }
  return commands;
}

describe('what an Accept costs', () => {
  test('somebody the process remembers costs one command of Redis, and nothing of PostgreSQL', async () => {
    await rig.customer('frequent');
    expect(await radius.login('frequent')).toBe('accept');
    rig.postgresProxy.cut();
    const commands = await commandsOf(async () => {
      expect(await radius.login('frequent')).toBe('accept');
      expect(await radius.outcomeOf(accessRequest('frequent', { chap: PASSWORD }))).toBe('accept');
    });
    expect(commands).toEqual(['evalsha', 'evalsha']);
  });

  test('somebody new to the process costs one read more', async () => {
    await rig.customer('rare');
    rig.postgresProxy.cut();
    expect(await commandsOf(() => radius.login('rare'))).toEqual(['hget', 'evalsha']);
  });
});

/** What may happen to a customer, and what the login that it overtakes is then told. */
const CHANGES: readonly {
  readonly what: string;
  readonly change: (customer: { customerId: string; entitlementId: string; username: string }) => Promise<void>;
  readonly told: string;
}[] = [
  {
    what: 'suspended',
    change: ({ customerId }) => rig.change(customerId, { status: 'suspended' }),
    told: 'suspended',
  },
  {
    what: 'given another password',
    change: ({ customerId }) => {
      const place = { table: 'customer', row: customerId, column: 'password' };
      return rig.change(customerId, { password: new SecretBox([TEST_KEY]).seal('a new password', place) });
    },
    told: 'wrong_password',
  },
  {
    what: 'renamed',
    change: ({ customerId, username }) => rig.change(customerId, { username: `${username} renamed` }),
    told: 'unknown_user',
  },
  {
    what: 'deleted',
    change: async ({ customerId }) => {
      const { db } = rig.store.database;
      await db.entitlement.deleteMany({ where: { customerId } });
      await db.customer.delete({ where: { id: customerId } });
      await rig.refresh({ customerId });
    },
    told: 'unknown_user',
  },
  {
    what: 'left with a refunded package',
    change: async ({ customerId, entitlementId }) => {
      await rig.store.database.db.entitlement.update({ where: { id: entitlementId }, data: { state: 'refunded' } });
      await rig.change(customerId);
    },
    told: 'no_entitlement',
  },
  {
    what: 'denied the device',
    change: async ({ customerId }) => {
      const data = { customerId, mac: '02:AA:BB:CC:DD:01', blocked: true };
      await rig.store.database.db.customerDevice.deleteMany({ where: { mac: data.mac } });
      await rig.store.database.db.customerDevice.create({ data });
      await rig.change(customerId);
    },
    told: 'device_blocked',
  },
];

describe('a customer who changes', () => {
  test.each(CHANGES)('is not let in by memory once $what', async ({ what, change, told }) => {
    const username = `before ${what}`;
    const customer = await rig.customer(username);
    expect(await radius.login(username)).toBe('accept');
    await change({ ...customer, username });
    expect(await radius.login(username)).toBe(told);
  });

  test.each(CHANGES)('is not let in when $what between the decision and the lease', async ({ what, change, told }) => {
    for (const remembered of [true, false]) {
      const username = `while ${what} ${remembered}`;
      const customer = await rig.customer(username);
      if (remembered) expect(await radius.login(username)).toBe('accept');
      const held = (await rig.holders(customer.entitlementId)).length;
      radius.beforeLease = () => change({ ...customer, username });
      expect(await radius.login(username, PASSWORD, remembered ? undefined : '02:AA:BB:CC:DD:01')).toBe(told);
      expect(await rig.holders(customer.entitlementId)).toHaveLength(held);
    }
  });

  test.each(CHANGES)('is not let in by what PostgreSQL said before being $what', async ({ what, change, told }) => {
    const username = `read before ${what}`;
    const customer = await rig.customer(username);
    await rig.redis.redis.unlink(...(await rig.redis.redis.keys(`${rig.redis.prefix}*`)));
    radius.beforeLease = () => change({ ...customer, username });
    expect(await radius.login(username)).toBe(told);
  });

  test('has the new password accepted at once, and a purchase too', async () => {
    const { customerId, entitlementId } = await rig.customer('buyer', { quotaOctets: 100n });
    expect(await radius.login('buyer')).toBe('accept');
    await rig.leases.noteUsage(entitlementId, 100n);
    expect(await radius.login('buyer')).toBe('exhausted');
    const { db } = rig.store.database;
    await db.entitlement.update({ where: { id: entitlementId }, data: { quotaOctets: 200n } });
    // Not yet in Redis: PostgreSQL is asked before anybody known is refused.
    await db.customer.update({ where: { id: customerId }, data: { revision: { increment: 1 } } });
    expect(await radius.login('buyer')).toBe('accept');
    const place = { table: 'customer', row: customerId, column: 'password' };
    await rig.change(customerId, { password: new SecretBox([TEST_KEY]).seal('another password', place) });
    expect(await radius.login('buyer')).toBe('wrong_password');
    expect(await radius.login('buyer', 'another password')).toBe('accept');
  });

  test('who changes with every look is answered by nobody, rather than guessed at', async () => {
    const { customerId } = await rig.customer('restless');
    const again = async (): Promise<void> => {
      radius.beforeLease = again;
      await rig.change(customerId);
    };
    radius.beforeLease = again;
    await expect(radius.handle(accessRequest('restless', { pap: PASSWORD }))).rejects.toThrow('again and again');
    radius.beforeLease = undefined;
    expect(await radius.login('restless')).toBe('accept');
  });

  test('whose name somebody else has now is that one', async () => {
    const first = await rig.customer('shared name');
    expect(await radius.login('shared name')).toBe('accept');
    await rig.change(first.customerId, { username: 'gave it up' });
    const second = await rig.customer('shared name');
    await rig.change(second.customerId, { status: 'suspended' });
    expect(await radius.login('shared name')).toBe('suspended');
    expect(await radius.login('gave it up')).toBe('accept');
  });

  test('whoever logs in after a suspension is refused, however many logins are still under way', async () => {
    const { customerId } = await rig.customer('flickering', { devices: 100 });
    const letIn = async (device: string): Promise<boolean> => {
      const answer = await radius.handle(accessRequest('flickering', { pap: PASSWORD }, { device }));
      return typeof answer === 'object' && answer.code === CODE.ACCESS_ACCEPT;
    };
    for (let round = 0; round < 20; round += 1) {
      await rig.change(customerId, { status: 'active' });
      expect(await letIn(`first ${round}`)).toBe(true);
      const racing = Array.from({ length: 10 }, (_, login) => letIn(`device ${login}`));
      await rig.change(customerId, { status: 'suspended' });
      const after = Array.from({ length: 10 }, (_, login) => letIn(`device ${login}`));
      expect((await Promise.all(after)).filter(Boolean)).toEqual([]);
      await Promise.all(racing);
    }
  });
});
