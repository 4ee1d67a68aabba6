import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CODE } from '@turnpike/radius/attributes.js';
import { parseFlags } from './cli-flags.js';
import { readConfig } from './config.js';
import { TestClient } from './api/test-client.js';
import { TestRadiusServer } from './phones/test-radius-server.js';
import { type Simulator, startSimulator } from './simulator.js';

let simulator: Simulator | undefined;
let folder: string;

async function start(...flags: readonly string[]): Promise<Simulator> {
  simulator = await startSimulator(readConfig(parseFlags([...flags, '--no-tls']), {}), (error) => {
    throw error;
  });
  return simulator;
}

async function call(method: string, url: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return { status: response.status, body: await response.json() };
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'simulator-'));
});

afterEach(async () => {
  await simulator?.stop();
  simulator = undefined;
  await rm(folder, { recursive: true });
});

describe('configuration', () => {
  test('flags win over the environment, and every error is named at once', () => {
    expect(readConfig(parseFlags(['--routers', '3']), { SIMULATOR_ROUTERS: '5', SIMULATOR_PHONES: '2' })).toMatchObject(
      {
        routers: 3,
        phones: 2,
        version: '7.22',
      },
    );
    expect(() => readConfig(parseFlags(['--routers', 'x', '--radius', 'nowhere']), {})).toThrow(
      /--routers \(SIMULATOR_ROUTERS\)[^]*--radius \(SIMULATOR_RADIUS\)/,
    );
  });
});

describe('a running fleet', () => {
  test('tells where its routers are, in the ready line and in the ready file', async () => {
    const file = path.join(folder, 'ready.json');
    const { ready } = await start('--routers', '2', '--ready-file', file);
    expect(ready.routers.map((router) => router.name)).toEqual(['sim-1', 'sim-2']);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(ready)));
    for (const router of ready.routers) (await TestClient.login(router.apiPort)).close();
  });

  test('records every sentence as one JSON line', async () => {
    const file = path.join(folder, 'sentences.ndjson');
    const { ready } = await start('--record', file);
    const client = await TestClient.login(ready.routers[0]?.apiPort ?? 0);
    await client.ask('/system/identity/print', '.tag=1');
    client.close();
    await simulator?.stop();
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      { router: 'sim-1', words: ['/login', '=name=admin', '=password=simulated'] },
      { router: 'sim-1', words: ['/system/identity/print', '.tag=1'] },
    ]);
  });

  test('a phone can be made, logged in and out through the control endpoint', async () => {
    const server = await TestRadiusServer.start();
    try {
      const port = server.port;
      const { ready } = await start(
        '--radius',
        `127.0.0.1:${port}:${port}`,
        '--radius-secret',
        server.secret.toString(),
      );
      const phones = `${ready.controlUrl}/routers/sim-1/phones`;
      const made = await call('POST', phones, { mac: '02:00:00:00:00:07' });
      expect(made).toMatchObject({ status: 201, body: { mac: '02:00:00:00:00:07', online: false, ip: '10.64.0.10' } });
      const phone = `${phones}/${encodeURIComponent('02:00:00:00:00:07')}`;
      const credentials = { username: 'ann', password: 'x' };
      expect(await call('POST', `${phone}/login`, credentials)).toMatchObject({ status: 200, body: { online: true } });
      expect(await call('GET', `${ready.controlUrl}/routers/sim-1`)).toMatchObject({
        body: { online: 1, active: [{ user: 'ann' }], radius: [{ accepts: '1' }] },
      });
      expect(await call('POST', `${phone}/logout`)).toMatchObject({ body: { online: false, lastTerminateCause: 1 } });
      server.decide = () => ({ code: CODE.ACCESS_REJECT, attributes: [] });
      expect(await call('POST', `${phone}/login`, credentials)).toMatchObject({
        body: { online: false, replyMessage: 'invalid username or password' },
      });
    } finally {
      await simulator?.stop();
      simulator = undefined;
      server.stop();
    }
  });

  test('faults are switched at run time and unknown ones refused', async () => {
    const { ready } = await start();
    const faults = `${ready.controlUrl}/routers/sim-1/faults`;
    const trap = { command: '/ip/pool/add', message: 'failure: full' };
    expect((await call('POST', faults, { traps: [trap] })).status).toBe(200);
    const client = await TestClient.login(ready.routers[0]?.apiPort ?? 0);
    expect(await client.run('/ip/pool/add', '=ranges=10.0.0.1')).toBe('trap: failure: full');
    expect((await call('POST', faults, { clear: true })).status).toBe(200);
    expect(await client.run('/ip/pool/add', '=ranges=10.0.0.1')).toMatch(/^\*/);
    expect((await call('POST', faults, { earthquake: true })).status).toBe(400);
    expect((await call('POST', faults, { password: 'new' })).status).toBe(200);
    await expect(TestClient.login(ready.routers[0]?.apiPort ?? 0)).rejects.toThrow(/invalid user name or password/);
    expect((await call('GET', `${ready.controlUrl}/routers/nobody`)).status).toBe(404);
    client.close();
  });

  test('a payer is steered and what was paid is told through the control endpoint', async () => {
    const { ready } = await start('--daraja-shortcode', '600123');
    const { controlUrl, daraja } = ready;
    expect(daraja).toMatchObject({ shortcode: '600123', consumerKey: 'simulated-key' });
    expect(await call('POST', `${controlUrl}/daraja/phones/254712345678`, { outcome: '1032' })).toMatchObject({
      status: 200,
      body: { rule: { outcome: '1032', delayMs: 2_000 } },
    });
    expect((await call('POST', `${controlUrl}/daraja/rule`, { outcome: 'generous' })).status).toBe(400);
    expect(await call('POST', `${controlUrl}/daraja/faults`, { slowMs: 5 })).toMatchObject({
      body: { faults: { slowMs: 5, down: false } },
    });
    const paybill = { msisdn: '254712345678', amount: 20, account: 'WIFI' };
    expect(await call('POST', `${controlUrl}/daraja/paybill`, paybill)).toMatchObject({
      status: 201,
      body: { accepted: true },
    });
    expect(await call('GET', `${controlUrl}/daraja/paid`)).toMatchObject({
      body: { paid: [{ amount: 20, accountReference: 'WIFI' }] },
    });
    expect(await call('GET', `${controlUrl}/daraja`)).toMatchObject({
      body: { url: daraja.url, paid: 1, phones: { '254712345678': { outcome: '1032' } } },
    });
    expect(await call('POST', `${controlUrl}/daraja/reset`)).toMatchObject({ body: { paid: 0, phones: {} } });
    expect((await call('GET', `${controlUrl}/daraja/pushes/ws_CO_1`)).status).toBe(404);
  });

  test('text messages are listed by the control endpoint', async () => {
    const { ready } = await start();
    const { controlUrl, sms } = ready;
    await fetch(`${sms.url}/version1/messaging`, {
      method: 'POST',
      headers: { apiKey: sms.apiKey },
      body: new URLSearchParams({ username: sms.username, to: '+254712345678', message: 'hello' }),
    });
    expect(await call('GET', `${controlUrl}/sms/messages?to=254712345678`)).toMatchObject({
      body: { messages: [{ text: 'hello' }] },
    });
    expect(await call('POST', `${controlUrl}/sms/faults`, { fail: true })).toMatchObject({
      body: { faults: { fail: true } },
    });
    expect(await call('POST', `${controlUrl}/sms/reset`)).toMatchObject({ body: { faults: { fail: false } } });
  });

  test('stops with its phones logged out', async () => {
    const server = await TestRadiusServer.start();
    const port = server.port;
    await start('--radius', `127.0.0.1:${port}:${port}`, '--radius-secret', server.secret.toString(), '--phones', '2');
    for (const phone of simulator?.routers[0]?.phones ?? []) await phone.login({ username: phone.mac, password: 'x' });
    await simulator?.stop();
    expect(server.records.filter((record) => record === 'stop').length).toBe(2);
    server.stop();
  });
});

test('a taken port is named, and nothing is left running', async () => {
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
  const address = squatter.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  await expect(start('--api-port-base', String(port))).rejects.toThrow(`port ${port} on 127.0.0.1 is taken`);
  for (const flag of ['--control-port', '--daraja-port', '--sms-port']) {
    await expect(start(flag, String(port))).rejects.toThrow(`port ${port} on 127.0.0.1 is taken`);
  }
  await new Promise((resolve) => squatter.close(resolve));
});
