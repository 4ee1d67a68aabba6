import { SecretBox } from '@turnpike/core/secret-box.js';
import { accessJobs } from '@turnpike/features/access/access.jobs.js';
import { createDecisionLog, strangerHash } from '@turnpike/features/access/decision-log.js';
import { createDeviceLeases } from '@turnpike/features/access/device-lease.js';
import { createSubjectCache } from '@turnpike/features/access/subject-cache.js';
import { accessRows, TEST_KEY, type AccessRows } from '@turnpike/testkit/access-rows.js';
import { openApiRig, type ApiRig } from './api-rig.js';

const MAC = '02:AA:BB:CC:DD:01';

let rig: ApiRig;
let rows: AccessRows;
let routerId: string;

beforeAll(async () => {
  rig = await openApiRig();
  rows = accessRows(rig.postgres.database.db);
  routerId = await rows.router('10.0.0.1', 'secret of a router', { name: 'Market square', site: 'Market' });
});

afterAll(() => rig.close());

const decisionLog = () =>
  createDecisionLog({
    redis: rig.durable.redis,
    prefix: rig.durable.prefix,
    hashName: strangerHash(new SecretBox([TEST_KEY])),
  });

const note = (outcome: 'wrong_password' | 'unknown_user') =>
  ({ at: Date.now() - 60_000, routerId, method: 'chap', outcome, device: MAC }) as const;

describe('why a customer cannot get online', () => {
  test('is answered in sentences, with the last decisions, the devices and the sessions', async () => {
    const { db } = rig.postgres.database;
    const customerId = await rows.customer('asha', 'password');
    const entitlementId = await rows.entitlement(customerId, { devices: 2 });
    await db.customerDevice.create({ data: { customerId, mac: MAC, name: 'Phone' } });
    const subjects = createSubjectCache(rig.durable.redis, rig.durable.prefix);
    await accessJobs({ db, cache: subjects })['subject.refresh']({ customerId });
    const leases = createDeviceLeases({ redis: rig.durable.redis, prefix: rig.durable.prefix, leaseMs: 60_000 });
    const customer = { id: customerId, revision: 1, mayBeAhead: false };
    await leases.take({ entitlementId, device: MAC, sessionKey: 'c.1', limit: 2, customer, note: '' });
    const log = decisionLog();
    log.refused({ customerId }, note('wrong_password'));
    await log.stop();
    const times = { startedAt: new Date(), lastSeenAt: new Date() };
    await db.session.create({
      data: { key: 'c.1', acctSessionId: '8', routerId, username: 'asha', customerId, entitlementId, ...times },
    });

    const { status, body } = await rig.json('GET', `/customers/${customerId}/why`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      customerId,
      username: 'asha',
      verdict: 'wrong_password',
      lastDecisions: [
        {
          outcome: 'wrong_password',
          method: 'chap',
          device: MAC,
          router: { id: routerId, name: 'Market square' },
          message: 'A login at Market square was refused: the password was wrong.',
        },
      ],
      devicesOnline: [{ device: MAC, name: 'Phone' }],
      openSessions: [{ username: 'asha', state: 'open', router: { name: 'Market square' } }],
    });
    expect(body['message']).toMatch(/^The last login of asha, at .+ the password was wrong .+; otherwise asha may go/);
    expect(body['remedy']).toMatch(/password/);

    await rig.json('POST', `/customers/${customerId}/suspend`);
    expect((await rig.json('GET', `/customers/${customerId}/why`)).body).toMatchObject({
      verdict: 'suspended',
      message: 'asha cannot go online: the customer is suspended.',
    });
  });

  test('of a customer who does not exist is 404, and of a name that nobody has the refusals are found', async () => {
    expect((await rig.json('GET', '/customers/0190c6d5-7a1e-7000-8000-0000000000aa/why')).status).toBe(404);
    const log = decisionLog();
    log.refused({ username: Buffer.from('misspelt') }, note('unknown_user'));
    await log.stop();
    expect(await rig.json('GET', '/access/decisions?username=misspelt')).toMatchObject({
      status: 200,
      body: {
        customerId: null,
        message: 'Nobody has this username; one login with it: the newest first.',
        items: [{ outcome: 'unknown_user', router: { name: 'Market square' } }],
      },
    });
    const other = await rig.json('GET', '/access/decisions?username=nobody');
    expect(other.body['items']).toEqual([]);
  });
});
