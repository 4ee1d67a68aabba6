import { randomBytes } from 'node:crypto';
import { ATTR, CODE, MICROSOFT, VENDOR, type Attribute } from '@turnpike/radius/attributes.js';
import { encodeRequest } from '@turnpike/radius/encode.js';
import { parsePacket } from '@turnpike/radius/packet.js';
import { DROP_SECRET_SUSPECT, type RadiusRequest } from '@turnpike/radius/udp-server.js';
import { bytesAttr, integerAttr, textAttr, vendorBytesAttr } from '@turnpike/radius/value-codec.js';
import { TEST_KEY } from '@turnpike/testkit/access-rows.js';
import {
  accessRequest,
  MAC,
  openAccessRig,
  PASSWORD,
  ROUTER,
  SECRET,
  type AccessProcess,
  type AccessRig,
} from './access-process-rig.js';
import type { VoucherLogins } from './access.radius.js';
import { REPLY_MESSAGES } from './access-reply.js';
import { createClassTokens } from './class-token.js';
import { createDecisionReader } from './decision-log.js';
import { md4 } from '@turnpike/radius/md4.js';
import { mppeKeys } from '@turnpike/radius/mppe-keys.js';
import { msChap2 } from '@turnpike/radius/mschap2.js';
import { subjectHash } from './subject-snapshot.js';

let rig: AccessRig;
let radius: AccessProcess;

beforeAll(async () => {
  rig = await openAccessRig();
  radius = await rig.openProcess();
});

afterEach(async () => {
  await rig.restore(radius);
  radius.vouchers = undefined;
  radius.site = null;
});

afterAll(() => rig.close());

async function acceptOf(request: RadiusRequest): Promise<readonly Attribute[]> {
  const answer = await radius.handle(request);
  if (typeof answer !== 'object' || answer.code !== CODE.ACCESS_ACCEPT) throw new Error('not accepted');
  return answer.attributes;
}

const valueOf = (attributes: readonly Attribute[], type: number, vendor?: number): Buffer =>
  attributes.find((each) => each.type === type && each.vendor === vendor)?.value ?? Buffer.alloc(0);

const claimIn = (attributes: readonly Attribute[]) =>
  createClassTokens([TEST_KEY]).verify(ROUTER, valueOf(attributes, ATTR.CLASS));

describe('the methods', () => {
  test('EAP is refused in words, whoever asks', async () => {
    const request = accessRequest('anybody', { with: [bytesAttr(ATTR.EAP_MESSAGE, Buffer.from('0201000501', 'hex'))] });
    const answer = await radius.handle(request);
    if (typeof answer !== 'object') throw new Error('no answer');
    expect(answer.code).toBe(CODE.ACCESS_REJECT);
    expect(valueOf(answer.attributes, ATTR.REPLY_MESSAGE).toString()).toBe(REPLY_MESSAGES.eap_unsupported);
    expect(await radius.outcomeOf(request)).toBe('eap_unsupported');
  });

  const msChap = (username: string, service: Attribute[]) => {
    const authenticatorChallenge = randomBytes(16);
    const peerChallenge = randomBytes(16);
    const made = msChap2({
      username: Buffer.from(username),
      password: PASSWORD,
      authenticatorChallenge,
      peerChallenge,
    });
    const response = Buffer.concat([Buffer.from([9, 0]), peerChallenge, Buffer.alloc(8), made.ntResponse]);
    const proof = [
      vendorBytesAttr(VENDOR.MICROSOFT, MICROSOFT.CHAP_CHALLENGE, authenticatorChallenge),
      vendorBytesAttr(VENDOR.MICROSOFT, MICROSOFT.CHAP2_RESPONSE, response),
    ];
    return { made, request: accessRequest(username, { with: proof }, { attributes: service }) };
  };

  test('MS-CHAPv2 of a PPP client gets the proof and the keys for MPPE', async () => {
    await rig.customer('ppp', { type: 'pppoe' });
    const { made, request } = msChap('ppp', [integerAttr(ATTR.FRAMED_PROTOCOL, 1)]);
    const accept = await acceptOf(request);
    const microsoft = (type: number) => valueOf(accept, type, VENDOR.MICROSOFT);
    expect(microsoft(MICROSOFT.CHAP2_SUCCESS).toString('latin1')).toBe(`\x09${made.authenticatorResponse}`);
    const { sendKey, recvKey } = mppeKeys(md4(md4(Buffer.from(PASSWORD, 'utf16le'))), made.ntResponse);
    expect(microsoft(MICROSOFT.MPPE_SEND_KEY)).toEqual(sendKey);
    expect(microsoft(MICROSOFT.MPPE_RECV_KEY)).toEqual(recvKey);
    expect(microsoft(MICROSOFT.MPPE_ENCRYPTION_TYPES).readUInt32BE()).toBe(6);
  });

  test('MS-CHAPv2 without PPP gets the proof and no keys', async () => {
    await rig.customer('noppp');
    const accept = await acceptOf(msChap('noppp', []).request);
    expect(accept.filter((each) => each.vendor === VENDOR.MICROSOFT).map((each) => each.type)).toEqual([
      MICROSOFT.CHAP2_SUCCESS,
    ]);
  });

  test('R14: noise in an unsigned request is the NAS’s secret, not a wrong password; in a signed one it is', async () => {
    await rig.customer('innocent');
    const noise = { secret: Buffer.from('another secret'), signed: false };
    expect(await radius.handle(accessRequest('innocent', { pap: PASSWORD }, noise))).toBe(DROP_SECRET_SUSPECT);
    expect(await radius.handle(accessRequest('stranger', { pap: PASSWORD }, noise))).toBe(DROP_SECRET_SUSPECT);
    expect(await radius.outcomeOf(accessRequest('innocent', { pap: PASSWORD }, noise))).toBeUndefined();
    const proven = { ...accessRequest('innocent', { pap: PASSWORD }, noise), signed: true };
    expect(await radius.outcomeOf(proven)).toBe('wrong_password');
    const unsigned = { signed: false };
    expect(await radius.outcomeOf(accessRequest('innocent', { pap: 'mistyped' }, unsigned))).toBe('wrong_password');
    expect(await radius.outcomeOf(accessRequest('innocent', { pap: PASSWORD }, unsigned))).toBe('accept');
  });
});

describe('names', () => {
  test('R15: a second name or address, which a visitor may have slipped in, makes the packet no packet', () => {
    for (const type of [ATTR.USER_NAME, ATTR.CALLING_STATION_ID]) {
      const { datagram } = encodeRequest({
        code: CODE.ACCESS_REQUEST,
        identifier: 1,
        attributes: [
          textAttr(ATTR.USER_NAME, 'visitor'),
          textAttr(ATTR.CALLING_STATION_ID, MAC),
          textAttr(type, '02:00:00:00:00:99'),
        ],
        secret: SECRET,
        messageAuthenticator: true,
        password: Buffer.from(PASSWORD),
      });
      expect(parsePacket(datagram)).toEqual({ ok: false, reason: 'duplicate-attribute' });
    }
  });

  test('R15: a Class in the request says nothing: the entitlement is the customer’s own', async () => {
    const rich = await rig.customer('rich', { downKbps: 100_000 });
    const poor = await rig.customer('poor');
    const { token } = createClassTokens([TEST_KEY]).issue(ROUTER, rich.entitlementId);
    const accept = await acceptOf(
      accessRequest('poor', { pap: PASSWORD }, { attributes: [bytesAttr(ATTR.CLASS, token)] }),
    );
    expect(claimIn(accept)?.entitlementId).toBe(poor.entitlementId);
  });

  test('R16: 10,000 odd names reach the key that is theirs alone, byte for byte', () => {
    const scraps = ['\0', ' ', '\r\n', "' OR 1=1 --", 'turnpike:subject:*', '{tag}', '名', 'é', '"', '\\', '%s', '../'];
    const hashes = new Set<string>();
    const names = new Set<string>();
    for (let round = 0; names.size < 10_000; round += 1) {
      const text = Buffer.from(
        `${scraps[round % scraps.length] ?? ''}${round}${scraps[(round * 7) % scraps.length] ?? ''}`,
      );
      const noise = randomBytes(1 + (round % (253 - text.length)));
      const name = Buffer.concat([text, noise]).subarray(0, 253);
      names.add(name.toString('latin1'));
      const { packet } = accessRequest(name, { pap: 'x' });
      const read = packet.get(ATTR.USER_NAME) ?? Buffer.alloc(0);
      expect(read.equals(name)).toBe(true);
      hashes.add(subjectHash(read));
    }
    expect(hashes.size).toBe(10_000);
  });

  test('R16: names that are no text are nobody’s, are refused like others and leave no trace in the clear', async () => {
    const names = [Buffer.from([0xff, 0xfe]), Buffer.from([0x61, 0]), Buffer.alloc(253, 0xe9), Buffer.from(' ')];
    for (const name of names) {
      expect(await radius.outcomeOf(accessRequest(name, { pap: PASSWORD }))).toBe('unknown_user');
    }
    await rig.customer("x'; DROP TABLE customer; --");
    expect(await radius.login("x'; DROP TABLE customer; --")).toBe('accept');
    expect(await radius.login("X'; DROP TABLE customer; --")).toBe('unknown_user');
    expect(await radius.outcomeOf(accessRequest('', { pap: PASSWORD }))).toBe('unknown_user');
  });
});

describe('login by the address of a device', () => {
  const byMac = (spelled: string, more: { password?: string; chap?: boolean; device?: string } = {}) => {
    const { password = '', chap = false, device = spelled } = more;
    return accessRequest(spelled, chap ? { chap: password } : { pap: password }, { device });
  };
  const SPELLINGS = ['02:00:5E:00:00:01', '02-00-5e-00-00-01', '02005e000001', '0200.5e00.0001', '0200-5e00-0001'];

  test('works in five spellings, with no password or the address as one, by PAP and CHAP', async () => {
    const { customerId, entitlementId } = await rig.customer('has a television', { macLogin: true });
    await rig.store.database.db.customerDevice.create({ data: { customerId, mac: '02:00:5E:00:00:01' } });
    await rig.change(customerId);
    for (const spelled of SPELLINGS) {
      for (const more of [{}, { password: spelled }, { chap: true }, { chap: true, password: spelled }]) {
        expect(await radius.outcomeOf(byMac(spelled, more))).toBe('accept');
      }
    }
    rig.postgresProxy.cut();
    const accept = await acceptOf(byMac('02005E000001', { device: '02-00-5E-00-00-01' }));
    expect(claimIn(accept)?.entitlementId).toBe(entitlementId);
    const fresh = await rig.openProcess();
    expect(await fresh.outcomeOf(byMac('02005E000001'))).toBe('accept');
  });

  test('needs the NAS to say the same address, and nothing else as password', async () => {
    const { customerId } = await rig.customer('careful', { macLogin: true });
    await rig.store.database.db.customerDevice.create({ data: { customerId, mac: '02:00:5E:00:00:02' } });
    await rig.change(customerId);
    const mac = '02:00:5E:00:00:02';
    expect(await radius.outcomeOf(byMac(mac, { device: '02:00:5E:00:00:03' }))).toBe('unknown_user');
    expect(await radius.outcomeOf(byMac(mac, { device: '' }))).toBe('unknown_user');
    expect(await radius.outcomeOf(byMac(mac, { password: 'guess' }))).toBe('unknown_user');
    expect(await radius.outcomeOf(byMac(mac))).toBe('accept');
  });

  test('needs a package that allows it, a device that is not blocked, and one that is listed', async () => {
    const mac = '02:00:5E:00:00:04';
    const { customerId, entitlementId } = await rig.customer('no television');
    const { db } = rig.store.database;
    const { id } = await db.customerDevice.create({ data: { customerId, mac } });
    await rig.change(customerId);
    expect(await radius.outcomeOf(byMac(mac))).toBe('mac_login_off');
    await db.entitlement.update({ where: { id: entitlementId }, data: { macLogin: true } });
    await rig.change(customerId);
    expect(await radius.outcomeOf(byMac(mac))).toBe('accept');
    await db.customerDevice.update({ where: { id }, data: { blocked: true } });
    await rig.change(customerId);
    expect(await radius.outcomeOf(byMac(mac))).toBe('device_blocked');
    expect(await radius.login('no television', PASSWORD, mac)).toBe('device_blocked');
    await db.customerDevice.delete({ where: { id } });
    await rig.change(customerId);
    expect(await radius.outcomeOf(byMac(mac))).toBe('unknown_user');
    expect(await radius.login('no television', PASSWORD, mac)).toBe('accept');
  });

  test('does not lock out a customer whose username is an address', async () => {
    const mac = '02:00:5E:00:00:05';
    await rig.customer(mac);
    expect(await radius.login(mac, PASSWORD, mac)).toBe('accept');
    expect(await radius.login(mac, 'wrong', mac)).toBe('wrong_password');
  });
});

describe('voucher login', () => {
  const CODE_A = 'ABCD-EFGH-JKMN';
  const usernameOf = (code: string) => `v.${subjectHash(Buffer.from(code)).slice(0, 26)}`;

  /** As the sales side reads and redeems them. */
  function vouchers(redeem: VoucherLogins['redeem']): VoucherLogins {
    const parse = (text: string) => {
      const letters = text.replaceAll(/[\s-]/g, '').toUpperCase();
      return /^[A-HJ-NP-Z]{12}$/.test(letters) ? (letters.match(/.{4}/g) ?? []).join('-') : undefined;
    };
    return { parse, usernameOf, redeem };
  }

  function selling(terms: Parameters<AccessRig['customer']>[1] = {}) {
    const redeemed: string[] = [];
    radius.vouchers = vouchers(async (code) => {
      redeemed.push(code);
      const { customerId } = await rig.customer(usernameOf(code), { devices: 10, ...terms });
      return { kind: 'redeemed', customerId };
    });
    return redeemed;
  }

  const byCode = (spelled: string, password = spelled) => radius.outcomeOf(accessRequest(spelled, { pap: password }));

  test('redeems a code once, then knows it in any spelling, with the code or nothing as password, by PAP and CHAP', async () => {
    const redeemed = selling();
    expect(await byCode('abcd efgh jkmn', 'ABCDEFGHJKMN')).toBe('accept');
    for (const spelled of [CODE_A, 'abcdefghjkmn', 'AbCd-EfGh JkMn']) {
      expect(await byCode(spelled)).toBe('accept');
      expect(await byCode(spelled, '')).toBe('accept');
      expect(await radius.outcomeOf(accessRequest(spelled, { chap: spelled }))).toBe('accept');
      expect(await radius.outcomeOf(accessRequest(spelled, { chap: CODE_A }))).toBe('accept');
    }
    expect(redeemed).toEqual([CODE_A]);
    rig.postgresProxy.cut();
    expect(await byCode(CODE_A)).toBe('accept');
  });

  test('a wrong password redeems nothing', async () => {
    const redeemed = selling();
    expect(await byCode('BBCD-EFGH-JKMN', 'CBCD-EFGH-JKMN')).toBe('unknown_user');
    expect(await radius.outcomeOf(accessRequest('BBCD-EFGH-JKMN', { chap: 'guess' }))).toBe('unknown_user');
    expect(redeemed).toEqual([]);
  });

  test.each([
    ['unknown', 'unknown_user'],
    ['revoked', 'voucher_revoked'],
    ['expired', 'voucher_expired'],
    ['used', 'voucher_used'],
  ] as const)('a code that is %s is refused as %s', async (kind, outcome) => {
    radius.vouchers = vouchers(async () => ({ kind }));
    expect(await byCode('CBCD-EFGH-JKMN')).toBe(outcome);
  });

  test('M9: a device that guessed too much is refused before anything is read for it', async () => {
    const redeemed = selling();
    const open = radius.vouchers;
    const asked: (string | undefined)[] = [];
    radius.vouchers = open && {
      ...open,
      admit: async ({ device }) => {
        asked.push(device);
        return false;
      },
    };
    rig.postgresProxy.cut();
    expect(await byCode('GBCD-EFGH-JKMN')).toBe('too_many_guesses');
    expect([redeemed, asked.length]).toEqual([[], 1]);
  });

  test('M9: somebody the process knows is let in whatever others guess', async () => {
    const redeemed = selling();
    expect(await byCode('HBCD-EFGH-JKMN')).toBe('accept');
    // Now by the name of its customer, which the process remembers from here on.
    expect(await byCode('HBCD-EFGH-JKMN')).toBe('accept');
    radius.vouchers = radius.vouchers && { ...radius.vouchers, admit: async () => false };
    expect(await byCode('HBCD-EFGH-JKMN')).toBe('accept');
    expect(redeemed).toHaveLength(1);
  });

  test('a voucher that is used up is refused like any package', async () => {
    const redeemed = selling({ endsAt: new Date(Date.now() - 1_000) });
    expect(await byCode('DBCD-EFGH-JKMN')).toBe('expired');
    expect(await byCode('DBCD-EFGH-JKMN')).toBe('expired');
    expect(redeemed).toHaveLength(1);
  });

  test('a customer whose username looks like a code can log in all the same', async () => {
    radius.vouchers = vouchers(async () => ({ kind: 'unknown' }));
    await rig.customer('eeeeeeeeeeee');
    expect(await radius.login('eeeeeeeeeeee')).toBe('accept');
    expect(await radius.login('eeeeeeeeeeee', 'wrong')).toBe('wrong_password');
  });

  test('nobody is answered while PostgreSQL is away and the code is new', async () => {
    const redeemed = selling();
    rig.postgresProxy.cut();
    await expect(radius.handle(accessRequest('FBCD-EFGH-JKMN', { pap: '' }))).rejects.toThrow();
    expect(redeemed).toEqual([]);
  });
});

describe('what a session is told', () => {
  test('site, schedule and online time of the entitlement are kept to', async () => {
    const schedule = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' }];
    await rig.customer('market', { sites: ['Market'], schedule, onlineSeconds: 600n, usedSeconds: 100n });
    expect(await radius.login('market')).toBe('wrong_site');
    radius.site = 'Market';
    const accept = await acceptOf(accessRequest('market', { pap: PASSWORD }));
    expect(valueOf(accept, ATTR.SESSION_TIMEOUT).readUInt32BE()).toBe(500);
    await rig.customer('closed', { schedule: [] });
    expect(await radius.login('closed')).toBe('outside_schedule');
  });

  test('usage newer than the snapshot picks the fair-use step, and the token names it', async () => {
    const fairUse = [{ afterOctets: '1000', downKbps: 300, upKbps: 200 }];
    const { entitlementId } = await rig.customer('heavy', { fairUse });
    expect(claimIn(await acceptOf(accessRequest('heavy', { pap: PASSWORD })))).toMatchObject({ fairUseStep: 0 });
    await rig.leases.noteUsage(entitlementId, 1_000n, 60n);
    const accept = await acceptOf(accessRequest('heavy', { pap: PASSWORD }));
    expect(claimIn(accept)).toMatchObject({ entitlementId, fairUseStep: 1 });
    expect(valueOf(accept, 8, VENDOR.MIKROTIK).toString()).toBe('200k/300k');
  });

  test('when one entitlement turns out to be used up the next one lets in, and the first keeps no place', async () => {
    const { customerId, entitlementId } = await rig.customer('two', {
      quotaOctets: 1_000n,
      endsAt: new Date(Date.now() + 60_000),
    });
    const second = await rig.rows.entitlement(customerId);
    await rig.change(customerId);
    await rig.leases.noteUsage(entitlementId, 1_000n);
    expect(claimIn(await acceptOf(accessRequest('two', { pap: PASSWORD })))?.entitlementId).toBe(second);
    while ((await rig.holders(entitlementId)).length > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  test('R8: a request played back later is the same session on the same place', async () => {
    const { entitlementId } = await rig.customer('replayed', { devices: 1 });
    const captured = accessRequest('replayed', { pap: PASSWORD }, { device: '' });
    const first = claimIn(await acceptOf(captured));
    const seconds = (count: number) => new Date(captured.receivedAt.getTime() + count * 1_000);
    // The hour in which it was first sent is part of what it is known by.
    const later = [1, 10, 60].map(seconds).filter((at) => at.getHours() === captured.receivedAt.getHours());
    for (const receivedAt of later) {
      expect(claimIn(await acceptOf({ ...captured, receivedAt }))).toEqual(first);
    }
    expect(await rig.holders(entitlementId)).toHaveLength(1);
  });
});

describe('decisions', () => {
  test('are kept for support: the last Accept and the refusals of a customer, without name or password', async () => {
    const reader = createDecisionReader({ redis: rig.redis.redis, hashName: rig.hashName, prefix: rig.redis.prefix });
    const { customerId } = await rig.customer('asked about');
    await radius.login('asked about', 'wrong', 'a|b');
    await radius.login('asked about');
    await radius.outcomeOf(accessRequest('asked about', { chap: 'wrong' }));
    await radius.decisions.flush();
    const notes = await reader.ofCustomer(customerId);
    expect(notes.map(({ outcome, method, device }) => [outcome, method, device]).sort()).toEqual([
      ['accept', 'pap', MAC],
      ['wrong_password', 'chap', MAC],
      ['wrong_password', 'pap', 'a|b'],
    ]);
    expect(notes.every((note) => note.routerId === ROUTER && Math.abs(note.at - Date.now()) < 10_000)).toBe(true);
    for (let attempt = 0; attempt < 15; attempt += 1) await radius.login('asked about', 'wrong');
    await radius.decisions.flush();
    expect(await reader.ofCustomer(customerId)).toHaveLength(11);
  });

  test('of names that nobody has are found by the name, and the name is not kept', async () => {
    const reader = createDecisionReader({ redis: rig.redis.redis, hashName: rig.hashName, prefix: rig.redis.prefix });
    await radius.login('typed my password here');
    await radius.decisions.flush();
    expect(await reader.ofStranger(Buffer.from('typed my password here'))).toMatchObject([{ outcome: 'unknown_user' }]);
    expect(await reader.ofStranger(Buffer.from('somebody else'))).toEqual([]);
    const kept = await rig.redis.redis.lrange(`${rig.redis.prefix}refused-strangers`, 0, -1);
    expect(kept.join()).not.toContain('typed');
    expect(kept.join()).not.toContain(subjectHash(Buffer.from('typed my password here')));
  });
});
