import { Secret } from '@turnpike/core/secret.js';
import { parseMsisdn } from '@turnpike/core/msisdn.js';
import { definitionOf } from '@turnpike/queue/catalogue.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { byOperator, openShop, type Shop } from '../entitlements/shop-rig.js';
import { customerOfPhone } from '../customers/portal-customer.js';
import { sendNotification } from './notification-sending.js';
import { notificationView } from './notification.view.js';
import { createNotificationsService } from './notifications.service.js';
import { sweepNotices } from './notices-sweep.js';
import { notify, type Notice } from './notify.js';
import type { Delivery, NotificationProvider, OutgoingMessage } from './provider.js';

const logger = createLogger({ level: 'silent', role: 'test', instance: 'test' });
const HOUR_MS = 3_600_000;
const GB = 1_000_000_000n;

let shop: Shop;
let outbox: OutgoingMessage[];
let delivery: Delivery;
let enqueued: { notificationId: string; jobId: string }[];

beforeAll(async () => {
  shop = await openShop();
});

afterAll(async () => {
  await shop.close();
});

beforeEach(async () => {
  outbox = [];
  enqueued = [];
  delivery = { kind: 'sent', messageId: 'provider-1' };
  await shop.db.notification.deleteMany();
  await shop.db.session.deleteMany();
  await shop.db.entitlement.deleteMany();
  await shop.db.customer.deleteMany();
  await shop.forgetJobs();
});

const provider: NotificationProvider = {
  name: 'scripted',
  send: async (message) => {
    outbox.push(message);
    return delivery;
  },
  close: () => undefined,
};

async function amina(more: { language?: 'en' | 'sw'; email?: string } = {}): Promise<string> {
  const input = { username: 'amina', msisdn: '0712345678', password: 'canary-password', ...more };
  const { row } = await shop.customers.create(input, byOperator);
  await shop.forgetJobs();
  return row.id;
}

const tell = (notice: Notice) => shop.transact((tx) => notify(tx, notice));
const expiring = (customerId: string, dedupKey = 'key'): Notice => ({
  template: 'expiring',
  customerId,
  params: { package: 'Day', endsAt: '2026-03-01T14:00:00.000Z' },
  dedupKey,
});
const rows = () => shop.db.notification.findMany({ orderBy: { id: 'asc' } });
const only = async () => {
  const [row, ...others] = await rows();
  if (row === undefined || others.length > 0) throw new Error('not exactly one notification');
  return row;
};

function send(id: string, last = false): Promise<void> {
  const { db, secretBox, clock } = shop;
  const reports = { write: async () => undefined, mailed: async () => undefined };
  const deps = { db, secretBox, clock, logger, providers: { sms: provider, email: provider }, reports };
  return sendNotification({ ...deps, timeZone: () => 'Africa/Nairobi' }, id, {
    signal: AbortSignal.timeout(5_000),
    last,
  });
}

function sweep(): Promise<number> {
  const { db, transact, clock } = shop;
  const producer = {
    enqueue: async (_job: string, payload: unknown, { jobId }: { jobId: string }) => {
      enqueued.push({ ...(payload as { notificationId: string }), jobId });
    },
  };
  return sweepNotices({ db, transact, clock, producer, wake: () => undefined }, AbortSignal.timeout(10_000));
}

describe('a notice', () => {
  test('is stored with its job, to the phone in the language of the customer', async () => {
    const customerId = await amina({ language: 'sw', email: 'amina@example.net' });
    await tell(expiring(customerId));
    const row = await only();
    expect(row).toMatchObject({ channel: 'sms', recipient: '254712345678', language: 'sw', state: 'queued' });
    expect(await shop.jobs('notification.send')).toEqual([{ notificationId: row.id }]);
  });

  test('goes by e-mail to who has no phone, and to whom it is addressed', async () => {
    const { row } = await shop.customers.create({ username: 'x', email: 'x@example.net' }, byOperator);
    await tell(expiring(row.id, 'one'));
    await tell({ ...expiring(row.id, 'two'), recipient: '254700000009' });
    expect((await rows()).map(({ channel, recipient }) => [channel, recipient])).toEqual([
      ['email', 'x@example.net'],
      ['sms', '254700000009'],
    ]);
  });

  test('is made once, however often and however much at once it is asked for', async () => {
    const customerId = await amina();
    await Promise.all(Array.from({ length: 20 }, () => tell(expiring(customerId))));
    expect(await rows()).toHaveLength(1);
    expect(await shop.jobs('notification.send')).toHaveLength(1);
  });

  test('that is not wanted, or has nowhere to go, is kept with the reason and never sent', async () => {
    const customerId = await amina();
    await shop.customers.update(customerId, { notices: false }, byOperator);
    const { row } = await shop.customers.create({ username: 'nowhere' }, byOperator);
    await shop.forgetJobs();
    await tell(expiring(customerId, 'one'));
    await tell(expiring(row.id, 'two'));
    expect((await rows()).map(({ state, error }) => [state, error])).toEqual([
      ['suppressed', 'the customer wants no notices'],
      ['suppressed', 'neither a phone number nor an e-mail address of the customer is known'],
    ]);
    expect(await shop.jobs('notification.send')).toEqual([]);
  });

  test('of credentials goes to who wants no notices too: it was asked for', async () => {
    const customerId = await amina();
    await shop.customers.update(customerId, { notices: false }, byOperator);
    await tell({ template: 'credentials', customerId, params: {}, dedupKey: 'c' });
    await send((await only()).id);
    expect(outbox).toHaveLength(1);
  });

  test('is gone with the transaction that told of it', async () => {
    const customerId = await amina();
    const failed = shop.transact(async (tx) => {
      await notify(tx, expiring(customerId));
      throw new Error('the payment failed');
    });
    await expect(failed).rejects.toThrow('the payment failed');
    expect(await rows()).toEqual([]);
    expect(await shop.jobs('notification.send')).toEqual([]);
  });
});

describe('sending', () => {
  test('settles it with the id of the provider, and does nothing the second time', async () => {
    await tell(expiring(await amina()));
    const { id } = await only();
    await send(id);
    await send(id);
    expect(outbox).toMatchObject([{ recipient: '254712345678', text: expect.stringContaining('01/03/2026 17:00') }]);
    expect(await only()).toMatchObject({ state: 'sent', providerMessageId: 'provider-1', attempts: 1, error: null });
  });

  test('S8: looks the password up and leaves it in no row and no job', async () => {
    const customerId = await amina();
    await tell({ template: 'credentials', customerId, params: {}, dedupKey: 'c' });
    await send((await only()).id);
    expect(outbox[0]?.text).toContain('username amina password canary-password');
    const kept = await Promise.all([
      shop.db.$queryRaw`SELECT * FROM notification`,
      shop.db.$queryRaw`SELECT job, payload FROM outbox_message`,
    ]);
    expect(JSON.stringify(kept)).not.toContain('canary-password');
  });

  test('a new customer of a phone is sent a password that opens', async () => {
    const msisdn = parseMsisdn('0712999999');
    if (msisdn === undefined) throw new Error('no phone number');
    const { id } = await shop.transact((tx) => customerOfPhone(tx, shop.secretBox, msisdn));
    await tell({ template: 'credentials', customerId: id, params: {}, dedupKey: 'c' });
    await send((await only()).id);
    expect(outbox[0]?.text).toMatch(/username 254712999999 password [a-z2-9]{10}\./);
  });

  test('what may get through later is tried again and says why it has not so far', async () => {
    delivery = { kind: 'later', reason: '405 InsufficientBalance' };
    await tell(expiring(await amina()));
    const { id } = await only();
    await expect(send(id)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('405 InsufficientBalance'),
    });
    expect(await only()).toMatchObject({ state: 'queued', attempts: 1, error: '405 InsufficientBalance' });
    await send(id, true);
    expect(await only()).toMatchObject({ state: 'failed', attempts: 2, error: '405 InsufficientBalance' });
  });

  test('what is refused for good fails with the words of the provider and is not tried again', async () => {
    delivery = { kind: 'refused', reason: '406 UserInBlacklist' };
    await tell(expiring(await amina()));
    const { id } = await only();
    await send(id);
    await send(id);
    expect(outbox).toHaveLength(1);
    expect(await only()).toMatchObject({ state: 'failed', error: '406 UserInBlacklist' });
  });

  test('what has become pointless meanwhile is not sent', async () => {
    const customerId = await amina();
    await tell({ ...expiring(customerId, 'late'), params: { package: 'Day', endsAt: '2026-03-01T11:00:00.000Z' } });
    await tell(expiring(customerId, 'unwanted'));
    await shop.customers.update(customerId, { notices: false }, byOperator);
    for (const { id } of await rows()) await send(id);
    expect(outbox).toEqual([]);
    expect((await rows()).map(({ state, error }) => [state, error])).toEqual([
      ['suppressed', 'it was too late'],
      ['suppressed', 'the customer wants no notices'],
    ]);
  });
});

describe('the sweep', () => {
  /** An entitlement that began `beganMs` ago and ends `leftMs` from now. */
  async function entitled(
    customerId: string,
    { beganMs, leftMs, ...more }: { beganMs: number; leftMs: number; [column: string]: unknown },
  ): Promise<string> {
    const now = shop.clock.now().getTime();
    const { id: packageId } = await shop.newPackage();
    const times = { startsAt: new Date(now - beganMs), endsAt: new Date(now + leftMs) };
    const terms = { packageName: 'Bundle', type: 'hotspot', downKbps: 1, upKbps: 1, devices: 1 } as const;
    const { id } = await shop.db.entitlement.create({
      data: { customerId, packageId, ...terms, ...times, grantedBy: 'test', ...more },
    });
    return id;
  }

  test.each([
    ['a week, 2 hours before the end', 168, 2, true],
    ['a week, 3 hours before the end', 168, 3, false],
    ['an hour, 6 minutes before the end', 1, 0.1, true],
    ['an hour, 7 minutes before the end', 1, 7 / 60, false],
    ['a day, a tenth of it before the end', 24, 2.4, true],
  ])('of %s: told %p', async (_what, hours, left, told) => {
    const customerId = await amina();
    await entitled(customerId, { beganMs: (hours - left) * HOUR_MS, leftMs: left * HOUR_MS });
    expect(await sweep()).toBe(told ? 1 : 0);
  });

  test('tells of each end once, also when many sweep at once, and again when it was extended', async () => {
    const customerId = await amina();
    const id = await entitled(customerId, { beganMs: 47 * HOUR_MS, leftMs: HOUR_MS });
    expect((await Promise.all([sweep(), sweep(), sweep()])).reduce((a, b) => a + b)).toBe(1);
    expect(await sweep()).toBe(0);
    expect(await only()).toMatchObject({ template: 'expiring', params: { package: 'Bundle' }, customerId });
    await shop.db.entitlement.update({
      where: { id },
      data: { endsAt: new Date(shop.clock.now().getTime() + 1.5 * HOUR_MS) },
    });
    expect(await sweep()).toBe(1);
    expect(await shop.jobs('notification.send')).toHaveLength(2);
  });

  test('does not bother who goes on anyway, wants none, has no address, or has not begun', async () => {
    const soon = { beganMs: 47 * HOUR_MS, leftMs: HOUR_MS };
    const goesOn = await amina();
    await entitled(goesOn, soon);
    await entitled(goesOn, { beganMs: 0, leftMs: 100 * HOUR_MS });
    const silent = await shop.customers.create({ msisdn: '0700000002' }, byOperator);
    await shop.customers.update(silent.row.id, { notices: false }, byOperator);
    await entitled(silent.row.id, soon);
    await entitled(await shop.newCustomer(), soon);
    const waiting = await shop.customers.create({ msisdn: '0700000003' }, byOperator);
    await entitled(waiting.row.id, { ...soon, validForSeconds: 3_600 });
    expect(await sweep()).toBe(0);
  });

  test('tells of 80 % and of all of the data once each, and again of what was added', async () => {
    const customerId = await amina();
    const bundle = { beganMs: HOUR_MS, leftMs: 100 * HOUR_MS, quotaOctets: 10n * GB };
    const id = await entitled(customerId, { ...bundle, usedOctets: 8n * GB - 1n });
    expect(await sweep()).toBe(0);
    const change = (data: Record<string, unknown>) => shop.db.entitlement.update({ where: { id }, data });
    await change({ usedOctets: 8n * GB });
    expect([await sweep(), await sweep()]).toEqual([1, 0]);
    await change({ quotaOctets: 20n * GB, usedOctets: 17n * GB });
    expect([await sweep(), await sweep()]).toEqual([1, 0]);
    await shop.openSession({ customerId, entitlementId: id });
    await shop.db.session.updateMany({ data: { lastSeenAt: shop.clock.now() } });
    await change({ usedOctets: 20n * GB, state: 'exhausted' });
    expect([await sweep(), await sweep()]).toEqual([1, 0]);
    expect((await rows()).map(({ params }) => params)).toEqual([
      { package: 'Bundle', percent: 80 },
      { package: 'Bundle', percent: 80 },
      { package: 'Bundle', percent: 100 },
    ]);
  });

  test('goes by time online too, and is silent about what was used up long ago', async () => {
    const customerId = await amina();
    const time = { beganMs: HOUR_MS, leftMs: 100 * HOUR_MS, onlineSeconds: 100n };
    await entitled(customerId, { ...time, usedSeconds: 80n });
    await entitled(customerId, { ...time, usedSeconds: 100n, state: 'exhausted' });
    expect(await sweep()).toBe(1);
    expect(await only()).toMatchObject({ template: 'usage', params: { percent: 80 } });
  });

  test('takes up messages whose jobs were lost, under an id that is queued once', async () => {
    const customerId = await amina();
    await tell(expiring(customerId, 'old'));
    const { id } = await only();
    await shop.db.notification.updateMany({ data: { createdAt: new Date(shop.clock.now().getTime() - HOUR_MS) } });
    await tell(expiring(customerId, 'new'));
    await shop.db.notification.updateMany({ where: { dedupKey: 'new' }, data: { createdAt: shop.clock.now() } });
    await sweep();
    expect(enqueued).toEqual([{ notificationId: id, jobId: `again-${id}` }]);
  });

  test('no try of a job is still to come when its message counts as lost', () => {
    const { attempts, backoff, deadlineMs } = definitionOf('notification.send');
    const waits = Array.from({ length: attempts - 1 }, (_, index) =>
      Math.min(backoff.maxMs, backoff.firstMs * backoff.factor ** index),
    );
    expect(waits.reduce((a, b) => a + b) + attempts * deadlineMs).toBeLessThan(45 * 60_000);
  });
});

describe('what operators and the provider do', () => {
  const service = (token?: string) => {
    const { db, transact } = shop;
    const callbackToken = token === undefined ? undefined : new Secret(token);
    return createNotificationsService({ db, transact, wake: () => undefined, callbackToken: () => callbackToken });
  };

  test('credentials are sent on request, which is written down', async () => {
    const customerId = await amina();
    const row = await service().sendCredentials(customerId, byOperator);
    await send(row.id);
    expect(outbox).toMatchObject([{ template: 'credentials', recipient: '254712345678' }]);
    const [entry] = await shop.db.auditEntry.findMany({ orderBy: { id: 'desc' }, take: 1 });
    expect(entry).toMatchObject({ action: 'customer.send_credentials', subjectId: customerId });
    const nowhere = await shop.newCustomer();
    await expect(service().sendCredentials(nowhere, byOperator)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('neither a phone number nor an e-mail address'),
    });
  });

  test('messages are listed by customer and state, recipients masked for who may not see them whole', async () => {
    const customerId = await amina();
    await tell(expiring(customerId, 'one'));
    await tell({ ...expiring(customerId, 'two'), recipient: 'amina@example.net' });
    const listed = await service().list({ limit: 10, customerId, state: 'queued' });
    expect(listed.map((row) => notificationView(row, 'support').recipient)).toEqual([
      'a••••@example.net',
      '2547••••5678',
    ]);
    expect(listed.map((row) => notificationView(row, 'admin').recipient)).toEqual([
      'amina@example.net',
      '254712345678',
    ]);
    expect(await service().list({ limit: 10, customerId, state: 'sent' })).toEqual([]);
    expect(await service().list({ limit: 1 })).toHaveLength(2);
  });

  test('an opt-out with the right token stops notices, any other does nothing', async () => {
    const customerId = await amina();
    const form = 'senderId=TURNPIKE&phoneNumber=%2B254712345678';
    for (const refused of [service(), service('another-token-of-ours')]) {
      await expect(refused.optOut('the-token-of-sms', form, 'r')).rejects.toMatchObject({ code: 'not_found' });
    }
    expect((await shop.customers.get(customerId)).notices).toBe(true);
    const right = service('the-token-of-sms');
    await right.optOut('the-token-of-sms', 'phoneNumber=nonsense', 'r');
    await right.optOut('the-token-of-sms', 'phoneNumber=%2B254799999999', 'r');
    await right.optOut('the-token-of-sms', form, 'r');
    expect((await shop.customers.get(customerId)).notices).toBe(false);
    const [entry] = await shop.db.auditEntry.findMany({ orderBy: { id: 'desc' }, take: 1 });
    expect(entry).toMatchObject({ action: 'customer.stop_notices', actor: 'sms-provider', subjectId: customerId });
  });
});
