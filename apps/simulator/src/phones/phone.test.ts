import { ATTR, CODE, MIKROTIK, VENDOR, type Attribute } from '@turnpike/radius/attributes.js';
import { verifyRequest } from '@turnpike/radius/authenticators.js';
import { verifyChap } from '@turnpike/radius/chap.js';
import {
  bytesAttr,
  integerAttr,
  mikrotikTotalLimitAttrs,
  textAttr,
  vendorTextAttr,
} from '@turnpike/radius/value-codec.js';
import { TestClient } from '../api/test-client.js';
import { type SimulatedRouter, startSimulatedRouter } from '../fleet.js';
import { makeReadyHotspot } from '../ready-hotspot.js';
import { steerableTime, type SteerableTime } from '../router/sim-time.js';
import { TestRadiusServer } from './test-radius-server.js';

let server: TestRadiusServer;
let router: SimulatedRouter;
let time: SteerableTime;
const GOOD = { username: 'ann', password: 'secret' };

function accept(...attributes: readonly Attribute[]): void {
  server.decide = () => ({ code: CODE.ACCESS_ACCEPT, attributes });
}

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

describe('a phone at a hotspot', () => {
  test('joins with an address of the pool and is a host until it logs in', () => {
    const phone = router.phone('02:00:00:00:00:01');
    expect(phone.join()).toMatchObject({ joined: true, address: '10.64.0.10' });
    expect(router.rows('/ip/hotspot/host')).toMatchObject([
      { 'mac-address': '02:00:00:00:00:01', address: '10.64.0.10', authorized: 'false' },
    ]);
    expect(router.rows('/ip/hotspot/active')).toEqual([]);
  });

  test('asks with the attributes of a MikroTik, signed, from the NAS address, and a right CHAP response', async () => {
    const phone = router.phone('02:00:00:00:00:01');
    await phone.login(GOOD);
    const request = server.access[0];
    if (request === undefined) throw new Error('no Access-Request came');
    expect(verifyRequest(request, [server.secret], { messageAuthenticator: 'required' })).toMatchObject({ ok: true });
    expect(verifyChap(request, Buffer.from('secret'))).toBe(true);
    expect(request.text(ATTR.USER_NAME)).toBe('ann');
    expect(request.ipv4(ATTR.NAS_IP_ADDRESS)).toBe(router.nasAddress);
    expect(request.text(ATTR.NAS_IDENTIFIER)).toBe('site-1');
    expect(request.text(ATTR.CALLED_STATION_ID)).toBe('ready-hotspot');
    expect(request.text(ATTR.CALLING_STATION_ID)).toBe('02:00:00:00:00:01');
    expect(request.ipv4(ATTR.FRAMED_IP_ADDRESS)).toBe('10.64.0.10');
    expect(request.integer(ATTR.NAS_PORT_TYPE)).toBe(19);
    expect(request.vendor(VENDOR.MIKROTIK, MIKROTIK.HOST_IP)).toEqual(Buffer.from([10, 64, 0, 10]));
  });

  test('shows the Reply-Message of a Reject and stays offline', async () => {
    server.decide = () => ({
      code: CODE.ACCESS_REJECT,
      attributes: [textAttr(ATTR.REPLY_MESSAGE, 'Your time is up')],
    });
    const phone = router.phone();
    expect(await phone.login(GOOD)).toEqual({ online: false, message: 'Your time is up' });
    expect(phone.status).toBe('joined');
    expect(server.accounting).toEqual([]);
  });

  test('accounts Start, interims with growing octets and Class, and a Stop with cause 1 on log-off', async () => {
    accept(
      bytesAttr(ATTR.CLASS, Buffer.from('token')),
      integerAttr(ATTR.ACCT_INTERIM_INTERVAL, 60),
      vendorTextAttr(VENDOR.MIKROTIK, MIKROTIK.RATE_LIMIT, '1M/2M'),
    );
    const phone = router.phone();
    expect(await phone.login(GOOD)).toEqual({ online: true, message: '' });
    await server.heard((records) => records.length === 1);
    await time.advance(60_000);
    await server.heard((records) => records.length === 2);
    await time.advance(60_000);
    await server.heard((records) => records.length === 3);
    expect(router.rows('/queue/simple')).toMatchObject([{ 'max-limit': '1000000/2000000' }]);
    await phone.logout();
    expect(server.records).toEqual(['start', 'interim', 'interim', 'stop']);
    const downloads = server.accounting.map((packet) => packet.integer(ATTR.ACCT_OUTPUT_OCTETS) ?? 0);
    expect(downloads[1]).toBeGreaterThan(0);
    expect(downloads[2]).toBe((downloads[1] ?? 0) * 2);
    expect(downloads[1]).toBeLessThanOrEqual((2_000_000 / 8) * 60);
    expect(server.accounting.every((packet) => packet.text(ATTR.CLASS) === 'token')).toBe(true);
    expect(server.last('stop').integer(ATTR.ACCT_TERMINATE_CAUSE)).toBe(1);
    expect(server.last('stop').integer(ATTR.ACCT_SESSION_TIME)).toBe(120);
  });

  test('is cut by Session-Timeout with cause 5', async () => {
    accept(integerAttr(ATTR.SESSION_TIMEOUT, 90));
    const phone = router.phone();
    await phone.login(GOOD);
    await time.advance(89_000);
    expect(phone.status).toBe('online');
    await time.advance(1_000);
    await server.heard((records) => records.includes('stop'));
    expect(phone.status).toBe('joined');
    expect(server.last('stop').integer(ATTR.ACCT_TERMINATE_CAUSE)).toBe(5);
  });

  test('is cut by Idle-Timeout with cause 4 once it stops browsing', async () => {
    accept(integerAttr(ATTR.IDLE_TIMEOUT, 300));
    const phone = router.phone();
    await phone.login(GOOD);
    await time.advance(1_000_000);
    expect(phone.status).toBe('online');
    phone.idle();
    await time.advance(300_000);
    await server.heard((records) => records.includes('stop'));
    expect(server.last('stop').integer(ATTR.ACCT_TERMINATE_CAUSE)).toBe(4);
  });

  test('is cut at Mikrotik-Total-Limit with its Gigawords, and the Stop carries 64-bit counters', async () => {
    const limit = 5n * 2n ** 32n + 10_000_000n;
    accept(...mikrotikTotalLimitAttrs(limit));
    const phone = router.phone();
    await phone.login(GOOD);
    phone.session?.transfer({ up: 0, down: 5 * 2 ** 32 });
    expect(phone.status).toBe('online');
    phone.session?.transfer({ up: 10_000_000, down: 0 });
    await server.heard((records) => records.includes('stop'));
    const stop = server.last('stop');
    expect(stop.octets64(ATTR.ACCT_OUTPUT_OCTETS, ATTR.ACCT_OUTPUT_GIGAWORDS)).toBe(5n * 2n ** 32n);
    expect(stop.integer(ATTR.ACCT_INPUT_OCTETS)).toBe(10_000_000);
  });

  test('reaches its limit by itself as time goes by', async () => {
    accept(...mikrotikTotalLimitAttrs(1_000_000n));
    const phone = router.phone();
    await phone.login(GOOD);
    await time.advance(600_000);
    await server.heard((records) => records.includes('stop'));
    const stop = server.last('stop');
    const used = (stop.integer(ATTR.ACCT_INPUT_OCTETS) ?? 0) + (stop.integer(ATTR.ACCT_OUTPUT_OCTETS) ?? 0);
    expect(used).toBeGreaterThanOrEqual(999_000);
    expect(used).toBeLessThan(1_010_000);
  });

  test('is disconnected when its active row is removed over the API, with cause 6', async () => {
    const phone = router.phone();
    await phone.login(GOOD);
    const api = await TestClient.login(router.apiPort);
    const [active] = await api.print('/ip/hotspot/active');
    expect(active).toMatchObject({ user: 'ann', radius: 'true' });
    await api.run('/ip/hotspot/active/remove', `=.id=${active?.['.id'] ?? ''}`);
    await server.heard((records) => records.includes('stop'));
    expect(server.last('stop').integer(ATTR.ACCT_TERMINATE_CAUSE)).toBe(6);
    expect(phone.status).toBe('joined');
    api.close();
  });

  test('loses the network when the hotspot is disabled', async () => {
    const phone = router.phone();
    await phone.login(GOOD);
    const api = await TestClient.login(router.apiPort);
    await api.run('/ip/hotspot/disable', '=.id=ready-hotspot');
    await server.heard((records) => records.includes('stop'));
    expect(phone.status).toBe('away');
    expect(phone.join()).toMatchObject({ joined: false });
    api.close();
  });

  test('refuses a second phone of the same user where the profile shares one session', async () => {
    const profile = router.state.byName('/ip/hotspot/user/profile', 'default');
    if (profile !== undefined) profile.props['shared-users'] = '1';
    await router.phone().login(GOOD);
    expect(await router.phone().login(GOOD)).toMatchObject({ online: false, message: /no more sessions/ });
  });

  test('keeps sending a Stop until it is acknowledged, with a growing Acct-Delay-Time', async () => {
    const phone = router.phone();
    await phone.login(GOOD);
    await server.heard((records) => records.length === 1);
    server.deaf = true;
    const gone = phone.logout();
    await server.heard((records) => records.filter((record) => record === 'stop').length >= 3);
    server.deaf = false;
    // Three transmissions go unanswered in real time, then the router rests in its own.
    const until = performance.now() + 8000;
    let done = false;
    void gone.then(() => (done = true));
    while (!done && performance.now() < until) await time.advance(1000);
    await gone;
    expect(server.last('stop').has(ATTR.ACCT_DELAY_TIME)).toBe(true);
  });

  test('tells the customer when no RADIUS server answers', async () => {
    server.decide = () => undefined;
    const row = router.state.table('/radius').rows[0];
    if (row !== undefined) row.props['timeout'] = '20ms';
    expect(await router.phone().login(GOOD)).toEqual({ online: false, message: 'RADIUS server is not responding' });
    expect(router.nas.counters(row?.id ?? '')).toMatchObject({ requests: '1', timeouts: '1' });
  });
});

describe('dynamic authorization', () => {
  test('acknowledges a Disconnect-Request and stops the session with cause 6', async () => {
    const phone = router.phone();
    await phone.login(GOOD);
    const sessionId = phone.session?.identity.sessionId ?? '';
    const reply = await server.request(router.nasAddress, CODE.DISCONNECT_REQUEST, [
      textAttr(ATTR.ACCT_SESSION_ID, sessionId),
      textAttr(ATTR.USER_NAME, 'ann'),
    ]);
    expect(reply.code).toBe(CODE.DISCONNECT_ACK);
    await server.heard((records) => records.includes('stop'));
    expect(server.last('stop').integer(ATTR.ACCT_TERMINATE_CAUSE)).toBe(6);
  });

  test('answers NAK 503 for a session it does not have', async () => {
    const reply = await server.request(router.nasAddress, CODE.DISCONNECT_REQUEST, [
      textAttr(ATTR.ACCT_SESSION_ID, '80ffffff'),
    ]);
    expect(reply.code).toBe(CODE.DISCONNECT_NAK);
    expect(reply.integer(ATTR.ERROR_CAUSE)).toBe(503);
    expect(router.nas.incomingCounters()).toMatchObject({ requests: '1', naks: '1' });
  });

  test('changes the rate of a session on a CoA-Request', async () => {
    accept(vendorTextAttr(VENDOR.MIKROTIK, MIKROTIK.RATE_LIMIT, '1M/2M'));
    const phone = router.phone();
    await phone.login(GOOD);
    const reply = await server.request(router.nasAddress, CODE.COA_REQUEST, [
      textAttr(ATTR.USER_NAME, 'ann'),
      vendorTextAttr(VENDOR.MIKROTIK, MIKROTIK.RATE_LIMIT, '64k/128k'),
    ]);
    expect(reply.code).toBe(CODE.COA_ACK);
    expect(phone.view().rateLimit).toBe('64k/128k');
    expect(router.rows('/queue/simple')).toMatchObject([{ 'max-limit': '64000/128000' }]);
  });

  test('a CoA-Request with new limits lets a session go on past its old end, to the new one', async () => {
    accept(integerAttr(ATTR.SESSION_TIMEOUT, 90), ...mikrotikTotalLimitAttrs(100_000_000n));
    const phone = router.phone();
    await phone.login(GOOD);
    phone.idle();
    phone.session?.transfer({ up: 40_000_000, down: 40_000_000 });
    await time.advance(60_000);
    const reply = await server.request(router.nasAddress, CODE.COA_REQUEST, [
      textAttr(ATTR.USER_NAME, 'ann'),
      integerAttr(ATTR.SESSION_TIMEOUT, 180),
      ...mikrotikTotalLimitAttrs(500_000_000n),
    ]);
    expect(reply.code).toBe(CODE.COA_ACK);
    phone.session?.transfer({ up: 40_000_000, down: 40_000_000 });
    await time.advance(60_000);
    expect(phone.status).toBe('online');
    await time.advance(60_000);
    await server.heard((records) => records.includes('stop'));
    expect(server.last('stop').integer(ATTR.ACCT_TERMINATE_CAUSE)).toBe(5);
  });

  test('counts a request with a wrong secret as bad and does not answer it', async () => {
    await server.fire(
      router.nasAddress,
      CODE.DISCONNECT_REQUEST,
      [textAttr(ATTR.USER_NAME, 'ann')],
      Buffer.from('wrong'),
    );
    const right = await server.request(router.nasAddress, CODE.DISCONNECT_REQUEST, [textAttr(ATTR.USER_NAME, 'ann')]);
    expect(right.code).toBe(CODE.DISCONNECT_NAK);
    expect(router.nas.incomingCounters()).toMatchObject({ requests: '2', 'bad-requests': '1', naks: '1', acks: '0' });
  });
});

describe('a PPPoE client', () => {
  test('dials in with Framed-User and shows up in /ppp/active until its row is removed', async () => {
    const phone = router.phone();
    expect(await phone.dial({ ...GOOD, method: 'chap' })).toEqual({ online: true, message: '' });
    expect(server.access[0]?.integer(ATTR.SERVICE_TYPE)).toBe(2);
    expect(router.rows('/ppp/active')).toMatchObject([{ name: 'ann', service: 'pppoe', address: '10.65.0.10' }]);
    const api = await TestClient.login(router.apiPort);
    await api.run('/ppp/active/remove', `=.id=${router.rows('/ppp/active')[0]?.['.id'] ?? ''}`);
    await server.heard((records) => records.includes('stop'));
    expect(phone.status).toBe('away');
    api.close();
  });
});

describe('a reboot', () => {
  test('takes phones off without a Stop, starts session ids again and says Accounting-On', async () => {
    const phone = router.phone();
    await phone.login(GOOD);
    const before = phone.session?.identity.sessionId;
    await server.heard((records) => records.length === 1);
    const back = router.reboot();
    expect(phone.status).toBe('away');
    await time.advance(2000);
    await back;
    await server.heard((records) => records.includes('on'));
    expect(server.records).toEqual(['start', 'on']);
    expect(server.last('on').text(ATTR.NAS_IDENTIFIER)).toBe('site-1');
    await phone.login(GOOD);
    expect(phone.session?.identity.sessionId).toBe(before);
  });
});
