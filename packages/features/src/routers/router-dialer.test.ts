import { once } from 'node:events';
import { createServer } from 'node:net';
import { selfSignedCertificate } from '@turnpike/testkit/self-signed-certificate.js';
import type { ScriptedRouter } from '@turnpike/testkit/scripted-router.js';
import { byOperator, openRouterRig, startBoard, type RouterRig } from './router-rig.js';

let rig: RouterRig;
const running: ScriptedRouter[] = [];

beforeAll(async () => {
  rig = await openRouterRig();
});

afterAll(async () => {
  await rig.close();
});

afterEach(async () => {
  for (const router of running.splice(0)) await router.stop();
  await rig.forget();
});

async function start(options: Parameters<typeof startBoard>[0] = {}) {
  const board = await startBoard(options);
  running.push(board.router);
  return board;
}

/** A port of 127.0.0.1 where nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('opening a session with a router', () => {
  test('logs in with the stored credentials, unsealed', async () => {
    const { router, address } = await start();
    const session = await rig.dialer.open(await rig.add(address));
    expect(await session.print('/system/identity')).toEqual([{ name: 'hAP' }]);
    await session.close();
    expect(router.received('/login')[0]?.attributes).toEqual({ name: 'turnpike', password: 'right password' });
  });

  test('P4: a wrong password is router_login_failed, and the password is not in the message', async () => {
    const { address } = await start();
    const id = await rig.add({ ...address, apiPassword: 'wrong canary' });
    const error: unknown = await rig.dialer.open(id).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'router_login_failed' });
    expect(String(error)).not.toContain('canary');
  });

  test('a refused connection is router_unreachable', async () => {
    const id = await rig.add({ address: '127.0.0.1', apiPort: await closedPort() });
    await expect(rig.dialer.open(id)).rejects.toMatchObject({ code: 'router_unreachable' });
  });

  test('a router without an address is router_has_no_address, an unknown one not_found', async () => {
    await expect(rig.dialer.open(await rig.add())).rejects.toMatchObject({ code: 'router_has_no_address' });
    await expect(rig.dialer.open('0190b5c1-0000-7000-8000-000000000000')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('P5: an address that the policy forbids is never connected to', async () => {
    const { router, address } = await start();
    const id = await rig.add(address);
    const refused = { code: 'router_not_allowed' };
    const strict = rig.newDialer({ allowLoopback: false, ownPorts: new Set() });
    await expect(strict.open(id)).rejects.toMatchObject(refused);
    const ownPort = rig.newDialer({ allowLoopback: true, ownPorts: new Set([router.port]) });
    await expect(ownPort.open(id)).rejects.toMatchObject(refused);
    for (const evil of ['169.254.169.254', '2130706433', '0x7f.1', '::1', 'localhost']) {
      await rig.db.router.update({ where: { id }, data: { address: evil } });
      await expect(strict.open(id)).rejects.toMatchObject(refused);
    }
    expect(router.requests).toEqual([]);
  });

  test('an aborted signal ends it', async () => {
    const { router, address } = await start({ onConnect: () => 'ignore' });
    const id = await rig.add(address);
    const controller = new AbortController();
    const opening = rig.dialer.open(id, { signal: controller.signal });
    opening.catch(() => undefined);
    controller.abort();
    await expect(opening).rejects.toMatchObject({ kind: 'aborted' });
    expect(router.received('/login')).toEqual([]);
  });
});

describe('P7: API-SSL', () => {
  test('the first certificate is trusted and pinned; another one is refused before the password is sent', async () => {
    const certificate = selfSignedCertificate('first');
    const { router, address } = await start({ tls: certificate });
    const id = await rig.add({ ...address, tls: true });
    await (await rig.dialer.open(id)).close();
    expect((await rig.row(id)).tlsFingerprint).toBe(certificate.fingerprint256);
    expect(router.received('/login')).toHaveLength(1);

    const impostor = await start({ tls: selfSignedCertificate('impostor') });
    await rig.db.router.update({ where: { id }, data: { apiPort: impostor.router.port } });
    await expect(rig.dialer.open(id)).rejects.toMatchObject({ code: 'router_unreachable' });
    expect(impostor.router.received('/login')).toEqual([]);
    expect((await rig.row(id)).tlsFingerprint).toBe(certificate.fingerprint256);
  });

  test('a pin that an operator takes away is taken anew', async () => {
    const certificate = selfSignedCertificate('renewed');
    const { address } = await start({ tls: certificate });
    const id = await rig.add({ ...address, tls: true, tlsFingerprint: 'AB:'.repeat(31) + 'AB' });
    await expect(rig.dialer.open(id)).rejects.toMatchObject({ code: 'router_unreachable' });
    await rig.routers.update(id, { tlsFingerprint: null }, byOperator);
    await (await rig.dialer.open(id)).close();
    expect((await rig.row(id)).tlsFingerprint).toBe(certificate.fingerprint256);
  });

  test('of two first contacts with different certificates, the one pinned first decides', async () => {
    const [first, second] = [selfSignedCertificate('a'), selfSignedCertificate('b')];
    const { address } = await start({ tls: second });
    const id = await rig.add({ ...address, tls: true });
    const opening = rig.newDialer({ allowLoopback: true, ownPorts: new Set() }, async () => {
      await rig.db.router.update({ where: { id }, data: { tlsFingerprint: first.fingerprint256 } });
      return second.fingerprint256;
    });
    await expect(opening.open(id)).rejects.toMatchObject({ code: 'router_unreachable' });
    expect((await rig.row(id)).tlsFingerprint).toBe(first.fingerprint256);
  });

  test('a plain port that is taken for API-SSL is router_unreachable', async () => {
    const { address } = await start();
    const id = await rig.add({ ...address, tls: true });
    await expect(rig.dialer.open(id)).rejects.toMatchObject({ code: 'router_unreachable' });
    expect((await rig.row(id)).tlsFingerprint).toBeNull();
  });
});
