import { ATTR, CODE } from '@turnpike/radius/attributes.js';
import { verifyRequest } from '@turnpike/radius/authenticators.js';
import { verifyChap } from '@turnpike/radius/chap.js';
import { parsePacket, type RadiusPacket } from '@turnpike/radius/packet.js';
import { revealPassword } from '@turnpike/radius/user-password.js';
import { createAccessPackets, type LoginMethod } from './access-packets.js';
import { createAccountingPackets } from './accounting-packets.js';
import { AccountingPlan } from './accounting-plan.js';
import { createSigner } from './one-shot.js';
import { createPacketWriter } from './packet-writer.js';

const secret = Buffer.from('a secret of this test');
const customers = { username: 'user%d', password: 'pass-of-more-than-sixteen-letters-%d', count: 10 };
const writer = createPacketWriter(createSigner(secret));

function parsed(bytes: Buffer): RadiusPacket {
  const result = parsePacket(bytes);
  if (!result.ok) throw new Error(result.reason);
  return result.packet;
}

function login(method: LoginMethod, wrongPassword = false): RadiusPacket {
  const packets = createAccessPackets({ writer, customers, method, nasAddress: '127.9.8.7' });
  const buffer = Buffer.alloc(1024);
  const length = packets.write({ customer: 3, identifier: 77, wrongPassword }, buffer, 100);
  return parsed(buffer.subarray(100, 100 + length));
}

describe('packets of the generator, read by the codec of the service', () => {
  test.each(['pap', 'chap', 'mschap'] as const)('a %s login is signed, Message-Authenticator first', (method) => {
    const packet = login(method);
    expect(packet.code).toBe(CODE.ACCESS_REQUEST);
    expect(packet.identifier).toBe(77);
    expect(packet.offsetOf(ATTR.MESSAGE_AUTHENTICATOR)).toBe(20);
    expect(verifyRequest(packet, [secret], { messageAuthenticator: 'required' })).toMatchObject({
      ok: true,
      proven: true,
    });
    expect(packet.text(ATTR.USER_NAME)).toBe('user3');
    expect(packet.ipv4(ATTR.NAS_IP_ADDRESS)).toBe('127.9.8.7');
  });

  test('a password longer than a block is hidden as RFC 2865 5.2 says', () => {
    const packet = login('pap');
    const hidden = packet.get(ATTR.USER_PASSWORD) ?? Buffer.alloc(0);
    expect(revealPassword(hidden, packet.authenticator, secret).toString()).toBe('pass-of-more-than-sixteen-letters-3');
  });

  test('a wrong password is wrong, in PAP and in CHAP', () => {
    const password = Buffer.from('pass-of-more-than-sixteen-letters-3');
    expect(verifyChap(login('chap'), password)).toBe(true);
    expect(verifyChap(login('chap', true), password)).toBe(false);
    const pap = login('pap', true);
    const hidden = pap.get(ATTR.USER_PASSWORD) ?? Buffer.alloc(0);
    expect(revealPassword(hidden, pap.authenticator, secret)).not.toEqual(password);
  });

  test('an accounting packet is signed twice and says what the plan says', () => {
    const plan = new AccountingPlan({ run: 'r', customers, active: 10, steps: 4, wraps: 3 });
    const token = Buffer.from('class of the session');
    const packets = createAccountingPackets({
      writer,
      plan,
      nasAddress: '127.9.8.7',
      classOf: () => token,
      now: () => 1_700_000_000_000,
    });
    const buffer = Buffer.alloc(1024);
    const stop = 2 * 4 + 3;
    const packet = parsed(buffer.subarray(0, packets.write(stop, 5, buffer, 0)));
    const facts = plan.factsOf(stop);
    expect(verifyRequest(packet, [secret], { messageAuthenticator: 'required' })).toMatchObject({ ok: true });
    expect(packet.get(ATTR.CLASS)).toEqual(token);
    expect(packet.text(ATTR.ACCT_SESSION_ID)).toBe(facts.acctSessionId);
    expect(packet.integer(ATTR.ACCT_SESSION_TIME)).toBe(60);
    expect(packet.octets64(ATTR.ACCT_OUTPUT_OCTETS, ATTR.ACCT_OUTPUT_GIGAWORDS)).toBe(facts.outputOctets);
    expect(facts.outputOctets).toBeGreaterThan(3n * 2n ** 32n);
    expect(packet.integer(ATTR.EVENT_TIMESTAMP)).toBe(1_700_000_060);
  });

  test('refuses an attribute that is too long, and a packet that is', () => {
    writer.begin(CODE.ACCESS_REQUEST, 1, Buffer.alloc(16));
    expect(() => writer.text(ATTR.USER_NAME, 'x'.repeat(254))).toThrow(RangeError);
    expect(() => {
      for (let i = 0; i < 17; i += 1) writer.text(ATTR.REPLY_MESSAGE, 'x'.repeat(253));
    }).toThrow(RangeError);
  });
});
