import { createServer, type Socket } from 'node:net';
import { Secret } from '@turnpike/core/secret.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { createSteerableClock } from '@turnpike/testkit/steerable-clock.js';
import { accepted, openTestDaraja, processing, queryAnswer, type TestDaraja } from '../test-daraja.js';
import { createDarajaClient } from './daraja-client.js';
import { createDarajaHttp } from './daraja-http.js';
import { fromNairobiTimestamp, nairobiTimestamp } from './stk-password.js';

let daraja: TestDaraja;

beforeEach(async () => {
  daraja = await openTestDaraja();
});

afterEach(async () => {
  await daraja.close();
});

const clock = createSteerableClock(new Date('2026-03-01T21:30:05.000Z'));
const signal = new AbortController().signal;
const push = {
  amount: 10,
  msisdn: '254712345678',
  callbackUrl: 'http://portal.test/x',
  accountReference: 'One whole hour of it',
  description: 'Internet access',
};

function newClient(url = daraja.url, answerMs = 10_000) {
  const settings = {
    url,
    consumerKey: new Secret('key'),
    consumerSecret: new Secret('secret'),
    shortcode: '600123',
    passkey: new Secret('passkey'),
  };
  const metrics = createMetrics({ role: 'test', instance: 'test', processMetrics: false });
  return { client: createDarajaClient({ settings, http: createDarajaHttp({ answerMs }), clock, metrics }), metrics };
}

const TOKEN = '/oauth/v1/generate';
const PUSH = '/mpesa/stkpush/v1/processrequest';

describe('the M-Pesa API', () => {
  test('a push is signed for Nairobi, with texts as long as M-Pesa takes', async () => {
    expect(await newClient().client.push(push, signal)).toBe('ws_CO_1');
    expect(daraja.pushes[0]?.body).toEqual({
      BusinessShortCode: '600123',
      Password: Buffer.from('600123passkey20260302003005').toString('base64'),
      Timestamp: '20260302003005',
      TransactionType: 'CustomerPayBillOnline',
      Amount: 10,
      PartyA: '254712345678',
      PartyB: '600123',
      PhoneNumber: '254712345678',
      CallBackURL: 'http://portal.test/x',
      AccountReference: 'One whole ho',
      TransactionDesc: 'Internet acce',
    });
    expect(fromNairobiTimestamp(nairobiTimestamp(clock.now()))).toEqual(clock.now());
  });

  test('one token serves all until a minute before its end, and one request gets it', async () => {
    const { client } = newClient();
    await Promise.all(Array.from({ length: 10 }, () => client.push(push, signal)));
    expect(daraja.asked.get(TOKEN)).toBe(1);
    clock.advance(3_538_000);
    await client.push(push, signal);
    expect(daraja.asked.get(TOKEN)).toBe(1);
    clock.advance(2_000);
    await client.push(push, signal);
    expect(daraja.asked.get(TOKEN)).toBe(2);
  });

  test('a token that is refused before its time is replaced, and the push is made once', async () => {
    const { client } = newClient();
    await client.push(push, signal);
    daraja.token = 'token-2';
    await client.push(push, signal);
    expect([daraja.pushes.length, daraja.asked.get(TOKEN), daraja.asked.get(PUSH)]).toEqual([2, 2, 3]);
  });

  test.each([
    ['wrong credentials', () => (daraja.onToken = () => ({ status: 400, body: {} })), 'refused', 'check them'],
    ['no token', () => (daraja.onToken = () => ({ status: 503, body: {} })), 'not_sent', 'no access token'],
    ['a hang-up', () => (daraja.onPush = () => undefined), 'unclear', 'connection to M-Pesa broke'],
    ['an odd answer', () => (daraja.onPush = () => ({ status: 200, body: { x: 1 } })), 'unclear', 'HTTP 200'],
    [
      'trouble inside',
      () => (daraja.onPush = () => ({ status: 500, body: { errorMessage: 'System is busy' } })),
      'unclear',
      'busy',
    ],
    [
      'a busy phone',
      () =>
        (daraja.onPush = () => ({
          status: 500,
          body: { errorCode: '500.001.1001', errorMessage: 'Unable to lock subscriber' },
        })),
      'refused',
      'lock subscriber',
    ],
    [
      'a wrong number',
      () => (daraja.onPush = () => ({ status: 400, body: { errorCode: '400.002.02', errorMessage: 'Bad Request' } })),
      'refused',
      'Bad Request',
    ],
    [
      'too many requests',
      () => (daraja.onPush = () => ({ status: 429, body: { fault: { faultstring: 'Spike arrest violation' } } })),
      'refused',
      'Spike arrest',
    ],
  ])('%s at a push is told apart from the rest, and is never pushed again', async (_what, script, kind, words) => {
    script();
    await expect(newClient().client.push(push, signal)).rejects.toMatchObject({
      name: 'DarajaError',
      kind,
      message: expect.stringContaining(words),
    });
    expect(daraja.asked.get(PUSH) ?? 0).toBeLessThanOrEqual(1);
  });

  test('nobody at the address is sure to have heard nothing; somebody who says nothing is not', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const url = `http://127.0.0.1:${port}`;
    const http = createDarajaHttp({ answerMs: 50 });
    const request = { url, method: 'POST', headers: {}, body: {} } as const;
    await expect(http(request, signal)).rejects.toMatchObject({ kind: 'unclear', code: 'timeout' });
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => silent.close(() => resolve()));
    const nobody = { ...request, url: await unusedUrl() };
    await expect(http(nobody, signal)).rejects.toMatchObject({ kind: 'not_sent', code: 'network' });
    await expect(newClient(nobody.url).client.push(push, signal)).rejects.toMatchObject({ kind: 'not_sent' });
  });

  test('after five failures in a row it is left alone for five seconds', async () => {
    daraja.onPush = () => undefined;
    const { client } = newClient();
    for (let n = 0; n < 5; n += 1) await client.push(push, signal).catch(() => undefined);
    daraja.onPush = accepted;
    await expect(client.push(push, signal)).rejects.toMatchObject({ kind: 'not_sent', code: 'breaker' });
    expect(daraja.pushes).toHaveLength(5);
    clock.advance(5_000);
    expect(await client.push(push, signal)).toMatch(/^ws_CO_/);
  });

  test('a query tells what is decided, what is not yet, and what nobody knows', async () => {
    const { client, metrics } = newClient();
    daraja.onQuery = () => queryAnswer('1032', 'Request cancelled by user');
    expect(await client.query('ws_CO_1', signal)).toMatchObject({
      resultCode: '1032',
      resultDesc: 'Request cancelled by user',
    });
    daraja.onQuery = () => processing;
    expect(await client.query('ws_CO_1', signal)).toBe('pending');
    daraja.onQuery = () => ({ status: 502, body: {} });
    await expect(client.query('ws_CO_1', signal)).rejects.toMatchObject({ kind: 'unclear', code: 'http_502' });
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/daraja_request_duration_seconds_count\{[^}]*operation="query",outcome="ok"[^}]*\} 2/);
  });

  test('no secret shows in what goes wrong', async () => {
    daraja.onToken = () => ({ status: 401, body: { errorMessage: 'secret passkey' } });
    const error: unknown = await newClient()
      .client.push(push, signal)
      .catch((thrown: unknown) => thrown);
    expect(String(error)).not.toContain('passkey');
  });
});

/** Where nobody listens, and nobody was connected to before. */
async function unusedUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 1}`;
}
