import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { Writable } from 'node:stream';
import { systemClock } from '@turnpike/core/clock.js';
import { SecretBox } from '@turnpike/core/secret-box.js';
import { addToOutbox } from '@turnpike/db/outbox.store.js';
import { outboxWake } from '@turnpike/features/outbox/outbox-wake.js';
import { createCallbackTokens, hashCallbackToken } from '@turnpike/features/payments/callback-token.js';
import { openTestDaraja, type TestDaraja } from '@turnpike/features/payments/test-daraja.js';
import { environmentSettings } from '@turnpike/features/settings/environment-settings.js';
import { createSettingsChecks } from '@turnpike/features/settings/settings-checks.js';
import { announceSettings } from '@turnpike/features/settings/settings-reader.js';
import { createSettingsService } from '@turnpike/features/settings/settings.service.js';
import { createRequester } from '@turnpike/queue/requester.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { openRedis } from '@turnpike/runtime/redis.js';
import { TEST_KEY } from '@turnpike/testkit/access-rows.js';
import { openTestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis } from '@turnpike/testkit/test-redis.js';
import { v7 as uuidv7 } from 'uuid';
import { until } from '../../../tests/e2e/until.js';
import { readWorkerConfig } from './config.js';
import { createWorkerContext } from './context.js';

const SOON_MS = 10_000;
const BY = { actor: 'operator-1', requestId: 'request-1' };
/** How the numbers of payers begin: nobody is asked for two payments at once. */
const MSISDN = '25471234567';
const patience = () => AbortSignal.timeout(30_000);

/** A worker as it runs in production, and what the API has to set and try out its settings; on stores of their own. */
async function openRig(env: Record<string, string>) {
  const [store, durable, cache] = await Promise.all([
    openTestDatabase(),
    openTestRedis('durable'),
    openTestRedis('cache'),
  ]);
  const lines: string[] = [];
  const destination = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString());
      done();
    },
  });
  const logger = createLogger({ level: 'debug', role: 'test', instance: '0', destination });
  const config = readWorkerConfig({
    DATABASE_URL: store.url,
    REDIS_DURABLE_URL: durable.url,
    REDIS_CACHE_URL: cache.url,
    ENCRYPTION_KEYS: TEST_KEY,
    ...env,
  });
  const { prefix } = durable;
  const metrics = createMetrics({ role: 'test', instance: '0', processMetrics: false });
  const worker = createWorkerContext({ config, logger, metrics, prefix });
  await worker.start();
  const { db, transact } = store.database;
  const secretBox = new SecretBox([TEST_KEY]);
  const settings = createSettingsService({
    db,
    transact,
    secretBox,
    environment: environmentSettings(config),
    reader: { refresh: async () => undefined },
    announce: () => announceSettings(durable.redis, prefix),
    namesOf: async () => new Map(),
    publicUrl: 'https://wifi.example.net',
    allowLoopback: true,
    clock: systemClock,
  });
  const blocking = openRedis({ url: durable.url, role: 'durable', use: 'blocking', logger });
  const requester = createRequester({ connection: durable.redis, blocking, prefix });
  const tokens = createCallbackTokens([TEST_KEY]);
  let payers = 0;
  return {
    settings,
    checks: createSettingsChecks({ requester, settings, secretBox, transact, allowLoopback: true }),
    log: () => lines.join(''),
    /** A purchase as the portal writes it down. */
    buy: async (): Promise<string> => {
      const id = uuidv7();
      const reference = randomBytes(16).toString('base64url');
      await transact(async (tx) => {
        const ask = { id, reference, provider: 'mpesa', purpose: 'package', createdBy: 'portal' } as const;
        payers += 1;
        const money = { amountMinor: 1_000n, currency: 'KES', msisdn: `${MSISDN}${payers}` };
        await tx.payment.create({ data: { ...ask, ...money, callbackTokenHash: hashCallbackToken(tokens.of(id)) } });
        await addToOutbox(tx, 'payment.request', { paymentId: id });
      });
      outboxWake(durable.redis, prefix)();
      return id;
    },
    stateOf: async (id: string) => (await db.payment.findUniqueOrThrow({ where: { id } })).state,
    /** Everything that is in the queues. */
    jobs: async (): Promise<string> => {
      const keys = await durable.redis.keys(`${prefix}*`);
      const dumps = await Promise.all(keys.map((key) => durable.redis.hgetall(key).catch(() => ({}))));
      return JSON.stringify(dumps);
    },
    close: async () => {
      await requester.close();
      blocking.disconnect();
      await worker.stop();
      await Promise.all([store.drop(), durable.close(), cache.close()]);
    },
  };
}

type Rig = Awaited<ReturnType<typeof openRig>>;

const keysOf = (daraja: TestDaraja, mark: string) => ({
  url: daraja.url,
  shortcode: '600000',
  consumerKey: `canary-key-${mark}`,
  consumerSecret: `canary-secret-${mark}`,
  passkey: `canary-passkey-${mark}`,
});

describe('settings in a worker that runs', () => {
  let rig: Rig;
  let darajas: TestDaraja[];

  beforeAll(async () => {
    darajas = [await openTestDaraja(), await openTestDaraja()];
    rig = await openRig({});
  }, 60_000);

  afterAll(async () => {
    await rig.close();
    await Promise.all(darajas.map((each) => each.close()));
  });

  const pushed = (daraja: TestDaraja) => until('the push', SOON_MS, () => daraja.pushes[0]);
  /** The worker has heard of the settings, and told M-Pesa where the paybill's payments are announced. */
  const registered = (daraja: TestDaraja) =>
    until('the registration', SOON_MS, () => daraja.asked.get('/mpesa/c2b/v2/registerurl'));

  test('M-Pesa is set up, and set up anew, without a restart: the next payment goes by the new keys', async () => {
    const [one, other] = darajas;
    if (one === undefined || other === undefined) throw new Error('there are two');
    const refused = await rig.buy();
    await until('the refusal', SOON_MS, async () => ((await rig.stateOf(refused)) === 'failed' ? true : undefined));
    await rig.settings.change('mpesa', { ...keysOf(one, 'one'), c2bToken: 'token-of-the-paybill' }, BY);
    await registered(one);
    await rig.buy();
    await pushed(one);
    await rig.settings.change('mpesa', keysOf(other, 'two'), BY);
    await registered(other);
    await rig.buy();
    await pushed(other);
    expect(one.pushes).toHaveLength(1);
    expect(other.pushes[0]?.body['BusinessShortCode']).toBe('600000');
  }, 60_000);

  test('a check of the keys answers in the words of M-Pesa', async () => {
    const [, other] = darajas;
    if (other === undefined) throw new Error('there are two');
    expect(await rig.checks.mpesa({}, BY, patience())).toMatchObject({ ok: true });
    other.onToken = () => ({
      status: 400,
      body: { errorCode: '400.008.01', errorMessage: 'Invalid Authentication passed' },
    });
    const given = { consumerKey: 'canary-key-wrong', consumerSecret: 'canary-secret-wrong' };
    expect(await rig.checks.mpesa(given, BY, patience())).toEqual({
      ok: false,
      words: expect.stringContaining('"Invalid Authentication passed"'),
    });
    const moved = { url: 'http://127.0.0.1:9' };
    await expect(rig.checks.mpesa(moved, BY, patience())).rejects.toMatchObject({ code: 'validation_failed' });
  }, 60_000);

  test('a test mail goes through the server that was saved a moment ago, or says why it did not', async () => {
    const mails = await openMailServer();
    try {
      expect(await rig.checks.mail('amina@example.net', BY, patience())).toMatchObject({ ok: false });
      const server = { host: '127.0.0.1', port: mails.port, user: 'isp', password: 'canary-password' };
      await rig.settings.change('mail', { ...server, from: 'Kitengela WiFi <noreply@example.net>' }, BY);
      expect(await rig.checks.mail('amina@example.net', BY, patience())).toMatchObject({ ok: true });
      const said = mails.said.join('\n');
      expect(said).toContain('RCPT TO:<amina@example.net>');
      expect(said).toContain('Subject: Test from Turnpike WiFi');
      expect(said).toContain(`AUTH PLAIN ${Buffer.from('\0isp\0canary-password').toString('base64')}`);
    } finally {
      await mails.close();
    }
    expect(await rig.checks.mail('amina@example.net', BY, patience())).toMatchObject({
      ok: false,
      words: expect.stringContaining('ECONNREFUSED'),
    });
  }, 60_000);

  test('a test message says that nothing is set up, and takes a number in any notation', async () => {
    const told = await rig.checks.sms('0712 345 678', BY, patience());
    expect(told).toEqual({ ok: false, words: expect.stringContaining('No API key') });
    await expect(rig.checks.sms('none at all', BY, patience())).rejects.toMatchObject({ code: 'validation_failed' });
  }, 60_000);

  test('S8: neither the log nor a job has a secret, or whom a test went to', async () => {
    const [log, jobs] = [rig.log(), await rig.jobs()];
    expect(jobs).toContain('sealed');
    for (const secret of ['canary', 'token-of-the-paybill', 'amina@example.net', MSISDN]) {
      expect(log).not.toContain(secret);
      expect(jobs).not.toContain(secret);
    }
  });
});

/** A mail server that takes everything and writes down what it is told. */
async function openMailServer() {
  const said: string[] = [];
  const server = createServer((socket) => {
    let inData = false;
    socket.write('220 mail.test ESMTP\r\n');
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      for (const line of chunk.toString().split('\r\n')) {
        if (line === '') continue;
        said.push(line);
        if (inData && line !== '.') continue;
        const verb = line.split(/[ :]/)[0]?.toUpperCase() ?? '';
        inData = verb === 'DATA';
        socket.write(`${replyTo(verb)}\r\n`);
        if (verb === 'QUIT') socket.end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    said,
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

function replyTo(verb: string): string {
  if (verb === 'EHLO') return '250-mail.test\r\n250 AUTH PLAIN';
  if (verb === 'AUTH') return '235 2.7.0 welcome';
  if (verb === 'DATA') return '354 go on';
  return verb === 'QUIT' ? '221 bye' : '250 2.0.0 ok';
}
