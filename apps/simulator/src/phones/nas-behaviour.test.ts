import { msChap2Attempt, verifyMsChap2 } from '@turnpike/radius/mschap2.js';
import { mppeAttributes, mppeKeys } from '@turnpike/radius/mppe-keys.js';
import { systemClock } from '@turnpike/core/clock.js';
import { ATTR, CODE, MICROSOFT, MIKROTIK, VENDOR, type Attribute } from '@turnpike/radius/attributes.js';
import type { RadiusPacket } from '@turnpike/radius/packet.js';
import { createRadiusClient } from '@turnpike/radius/udp-client.js';
import { revealPassword } from '@turnpike/radius/user-password.js';
import { textAttr, vendorBytesAttr, vendorTextAttr } from '@turnpike/radius/value-codec.js';
import { handleControl } from '../control/control-routes.js';
import { type SimulatedRouter, startSimulatedRouter } from '../fleet.js';
import { makeReadyHotspot } from '../ready-hotspot.js';
import { steerableTime, type SteerableTime } from '../router/sim-time.js';
import { md4 } from './md4.js';
import { type AccessDecision, TestRadiusServer } from './test-radius-server.js';

const GOOD = { username: 'ann', password: 'secret' };

let server: TestRadiusServer;
let router: SimulatedRouter;
let time: SteerableTime;

beforeEach(async () => {
  server = await TestRadiusServer.start();
  time = steerableTime();
  router = await startSimulatedRouter({ version: '7.22', name: 'site-1', tls: false, clock: time });
  makeReadyHotspot(router, {
    host: '127.0.0.1',
    authPort: server.port,
    acctPort: server.port,
    secret: server.secret.toString(),
  });
});

afterEach(async () => {
  await router.stop();
  server.stop();
});

const control = (path: string, body: unknown = {}) =>
  handleControl([router], 'POST', ['routers', 'site-1', ...path.split('/')], body);

function set(path: string, name: string, props: Record<string, string>): void {
  Object.assign(router.state.byName(path, name)?.props ?? {}, props);
}

describe('the CoA port', () => {
  const disconnect = () =>
    server.request(router.nasAddress, CODE.DISCONNECT_REQUEST, [textAttr(ATTR.USER_NAME, 'ann')]);

  test('refuses with the Error-Cause it is told to, and the phone stays online', async () => {
    await control('faults', { coaNak: 506 });
    const phone = router.phone();
    await phone.login(GOOD);
    const reply = await disconnect();
    expect(reply.code).toBe(CODE.DISCONNECT_NAK);
    expect(reply.integer(ATTR.ERROR_CAUSE)).toBe(506);
    expect(phone.status).toBe('online');
    await control('faults', { coaNak: null });
    expect((await disconnect()).code).toBe(CODE.DISCONNECT_ACK);
  });

  test('loses the share of datagrams it is told to, in both directions', async () => {
    const client = createRadiusClient({ clock: systemClock });
    const ask = (tries: number) =>
      client.exchange({
        host: router.nasAddress,
        port: 3799,
        secret: server.secret,
        code: CODE.DISCONNECT_REQUEST,
        attributes: [textAttr(ATTR.USER_NAME, 'nobody')],
        retry: { firstMs: 10, factor: 1, maxMs: 10, tries, jitter: 0 },
        signal: AbortSignal.timeout(10_000),
      });
    try {
      await control('faults', { coaLoss: 1 });
      expect(await ask(5)).toEqual({ kind: 'timeout' });
      await control('faults', { coaLoss: 0.5 });
      const answers = await Promise.all(Array.from({ length: 40 }, () => ask(100)));
      const sent = answers.map((answer) => (answer.kind === 'reply' ? answer.transmissions : 0));
      expect(sent).not.toContain(0);
      expect(sent.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(80);
      const { requests, naks } = router.nas.incomingCounters();
      expect([requests, naks]).not.toEqual(['40', '40']);
    } finally {
      await client.close();
    }
    await expect(control('faults', { coaLoss: 2 })).rejects.toThrow();
  });

  test('a rate that is changed shows at the phone, at the control endpoint and in its queue, for hotspot and PPPoE alike', async () => {
    server.decide = () => ({
      code: CODE.ACCESS_ACCEPT,
      attributes: [vendorTextAttr(VENDOR.MIKROTIK, MIKROTIK.RATE_LIMIT, '1M/2M')],
    });
    const phone = router.phone();
    expect(await phone.dial({ ...GOOD, method: 'chap' })).toMatchObject({ online: true });
    expect(router.rows('/queue/simple')).toMatchObject([{ name: '<pppoe-ann>', 'max-limit': '1000000/2000000' }]);
    await server.request(router.nasAddress, CODE.COA_REQUEST, [
      textAttr(ATTR.USER_NAME, 'ann'),
      vendorTextAttr(VENDOR.MIKROTIK, MIKROTIK.RATE_LIMIT, '64k/128k'),
    ]);
    expect(router.rows('/queue/simple')).toMatchObject([{ 'max-limit': '64000/128000' }]);
    const shown = await handleControl([router], 'GET', ['routers', 'site-1', 'phones', phone.mac], {});
    expect(shown.body).toMatchObject({ online: true, rateLimit: '64k/128k' });
  });
});

describe('a router that goes down', () => {
  test('says Accounting-Off before an ordered reboot and Accounting-On after it', async () => {
    await router.phone().login(GOOD);
    await server.heard((records) => records.length === 1);
    const back = control('reboot', { clean: true });
    await server.heard((records) => records.includes('off'));
    while (router.phones[0]?.status !== 'away') await time.advance(0);
    await time.advance(2_000);
    await back;
    await server.heard((records) => records.includes('on'));
    expect(server.records).toEqual(['start', 'off', 'on']);
    expect(server.last('off').ipv4(ATTR.NAS_IP_ADDRESS)).toBe(router.nasAddress);
  });

  test('says nothing at all when it is told to come back silently', async () => {
    await router.phone().login(GOOD);
    await server.heard((records) => records.length === 1);
    const back = router.reboot({ announce: false });
    await time.advance(2_000);
    await back;
    await router.phone().login(GOOD);
    await server.heard((records) => records.length === 2);
    expect(server.records).toEqual(['start', 'start']);
  });

  test('says Accounting-Off when the simulator stops, after the Stops of its phones', async () => {
    await router.phone().login(GOOD);
    await router.stop();
    expect(server.records).toEqual(['start', 'stop', 'off']);
  });
});

describe('a device that logs in by its address', () => {
  const MAC = '02:00:00:00:00:0A';

  test('asks as soon as it joins, with its address as the name, PAP and no password', async () => {
    set('/ip/hotspot/profile', 'ready-profile', { 'login-by': 'mac,http-chap' });
    const phone = router.phone(MAC);
    phone.join();
    await server.heard((records) => records.includes('start'));
    const request = server.access[0];
    expect(request?.text(ATTR.USER_NAME)).toBe(MAC);
    expect(request?.text(ATTR.CALLING_STATION_ID)).toBe(MAC);
    expect(passwordIn(request)).toBe('');
    expect(phone.status).toBe('online');
    expect(router.rows('/ip/hotspot/active')).toMatchObject([{ user: MAC, 'login-by': 'mac' }]);
  });

  test('writes the address as the profile says, also as the password', async () => {
    set('/ip/hotspot/profile', 'ready-profile', {
      'login-by': 'mac,http-chap',
      'radius-mac-format': 'XXXXXX-XXXXXX',
      'mac-auth-mode': 'mac-as-username-and-password',
    });
    expect(await router.phone(MAC).loginByMac()).toMatchObject({ online: true });
    expect(server.access[0]?.text(ATTR.USER_NAME)).toBe('020000-00000A');
    expect(passwordIn(server.access[0])).toBe('020000-00000A');
  });

  test('is left at the login page when it is refused, and logs in there', async () => {
    set('/ip/hotspot/profile', 'ready-profile', { 'login-by': 'mac,http-chap' });
    server.decide = (request) => ({
      code: request.text(ATTR.USER_NAME) === 'ann' ? CODE.ACCESS_ACCEPT : CODE.ACCESS_REJECT,
      attributes: [],
    });
    const phone = router.phone(MAC);
    expect(await phone.loginByMac()).toMatchObject({ online: false });
    expect(await phone.login(GOOD)).toMatchObject({ online: true });
  });

  function passwordIn(request: RadiusPacket | undefined): string | undefined {
    const hidden = request?.get(ATTR.USER_PASSWORD);
    if (request === undefined || hidden === undefined) return undefined;
    return revealPassword(hidden, request.authenticator, server.secret).toString();
  }
});

describe('a phone that logs in again', () => {
  test('does so by itself when the router has cut it, and shows why it is refused', async () => {
    const phone = router.phone();
    await control('phones', { mac: phone.mac });
    await control(`phones/${phone.mac}/login`, { ...GOOD, again: true });
    expect(phone.status).toBe('online');
    await server.request(router.nasAddress, CODE.DISCONNECT_REQUEST, [textAttr(ATTR.USER_NAME, 'ann')]);
    server.decide = () => ({ code: CODE.ACCESS_REJECT, attributes: [textAttr(ATTR.REPLY_MESSAGE, 'Your time is up')] });
    await time.advance(500);
    while (phone.view().replyMessage === null) await time.advance(0);
    expect(phone.view()).toMatchObject({ online: false, replyMessage: 'Your time is up', lastTerminateCause: 6 });
    expect(server.access).toHaveLength(2);
  });

  test('stays away after a log-off of its own', async () => {
    const phone = router.phone();
    await phone.login({ ...GOOD, again: true });
    await phone.logout();
    await time.advance(10_000);
    expect(server.access).toHaveLength(1);
  });
});

describe('a PPPoE client with MS-CHAPv2', () => {
  /** What a server that knows `password` answers; `change` may spoil it. */
  function accept(password: string, change: (attributes: Attribute[]) => Attribute[] = (all) => all) {
    server.decide = (request): AccessDecision => {
      const attempt = msChap2Attempt(request);
      const proof = attempt === undefined ? undefined : verifyMsChap2(attempt, password);
      if (attempt === undefined || proof === undefined) return { code: CODE.ACCESS_REJECT, attributes: [] };
      const attributes = [
        vendorBytesAttr(VENDOR.MICROSOFT, MICROSOFT.CHAP2_SUCCESS, proof.success),
        ...mppeAttributes(mppeKeys(proof.passwordHashHash, attempt.ntResponse)),
      ];
      return { code: CODE.ACCESS_ACCEPT, attributes: change(attributes) };
    };
  }

  test('md4 is that of RFC 1320', () => {
    expect(md4(Buffer.from('message digest')).toString('hex')).toBe('d9130a8164549fe818874806e1c7014b');
    expect(md4(Buffer.from('1234567890'.repeat(8))).toString('hex')).toBe('e33b4ddc9c38f2199c3e7b164fcc0536');
  });

  test('is what is chosen where the server offers it, and comes online when proof and keys fit', async () => {
    set('/ppp/profile', 'ready-ppp', { 'use-encryption': 'required' });
    accept('secret');
    const phone = router.phone();
    expect(await phone.dial(GOOD)).toEqual({ online: true, message: '' });
    expect(router.rows('/ppp/active')).toMatchObject([{ name: 'ann', encoding: 'MPPE128 stateless' }]);
    expect(await router.phone().dial({ ...GOOD, password: 'wrong' })).toMatchObject({ online: false });
  });

  test.each<[string, (attributes: Attribute[]) => Attribute[], string]>([
    ['no proof', (all) => all.slice(1), 'the server did not prove that it knows the password'],
    ['a wrong proof', spoilt(MICROSOFT.CHAP2_SUCCESS), 'the server does not know the password'],
    ['a wrong key', spoilt(MICROSOFT.MPPE_RECV_KEY), 'the keys of the server do not fit'],
    ['no keys', (all) => all.slice(0, 1), 'encryption is wanted and no keys came'],
  ])('hangs up on %s', async (_what, change, message) => {
    set('/ppp/profile', 'ready-ppp', { 'use-encryption': 'required' });
    accept('secret', change);
    const phone = router.phone();
    expect(await phone.dial(GOOD)).toEqual({ online: false, message });
    expect(server.accounting).toEqual([]);
  });

  test('does without keys where encryption is not wanted', async () => {
    accept('secret', (all) => all.slice(0, 1));
    expect(await router.phone().dial(GOOD)).toMatchObject({ online: true });
  });

  function spoilt(type: number): (attributes: Attribute[]) => Attribute[] {
    return (all) =>
      all.map((attribute) => {
        if (attribute.vendor !== VENDOR.MICROSOFT || attribute.type !== type) return attribute;
        const value = Buffer.from(attribute.value);
        value.writeUInt8(value.readUInt8(value.length - 1) ^ 1, value.length - 1);
        return { ...attribute, value };
      });
  }
});
