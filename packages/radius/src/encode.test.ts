import { ATTR, CODE, MICROSOFT, VENDOR, type Attribute } from './attributes.js';
import { messageAuthenticator } from './authenticators.js';
import { encodeReply, encodeRequest, verifyReply } from './encode.js';
import { parsePacket, type RadiusPacket } from './packet.js';
import { revealSaltedKey } from './salted-key.js';
import { bytesAttr, integerAttr, textAttr } from './value-codec.js';

const SECRET = Buffer.from('a secret of thirty-two characters');
const NAME = textAttr(ATTR.USER_NAME, 'nemo');

function request(code: number, proxyStates: string[] = []): RadiusPacket {
  const states = proxyStates.map((state) => Buffer.concat([Buffer.from([33, state.length + 2]), Buffer.from(state)]));
  const plain = encodeRequest({ code, identifier: 77, attributes: [NAME], secret: SECRET, messageAuthenticator: true });
  const datagram = Buffer.concat([plain.datagram, ...states]);
  datagram.writeUInt16BE(datagram.length, 2);
  return parsed(datagram);
}

function parsed(datagram: Buffer): RadiusPacket {
  const result = parsePacket(datagram);
  if (!result.ok) throw new Error(result.reason);
  return result.packet;
}

const mppeKey = (type: number, value: Buffer): Attribute => ({ vendor: VENDOR.MICROSOFT, type, value });
const typesOf = (packet: RadiusPacket): number[] => [...packet.attributes()].map(({ type }) => type);

describe('encodeReply', () => {
  test.each([CODE.ACCESS_ACCEPT, CODE.ACCESS_REJECT, CODE.ACCESS_CHALLENGE])(
    'R6: puts Message-Authenticator first in a reply of code %d, whether or not the request had one',
    (code) => {
      const unsigned = encodeRequest({
        code: 1,
        identifier: 1,
        attributes: [NAME],
        secret: SECRET,
        messageAuthenticator: false,
      });
      for (const asked of [request(CODE.ACCESS_REQUEST), parsed(unsigned.datagram)]) {
        const reply = encodeReply(asked, code, [textAttr(ATTR.REPLY_MESSAGE, 'hello')], SECRET);
        expect(typesOf(parsed(reply))).toEqual([ATTR.MESSAGE_AUTHENTICATOR, ATTR.REPLY_MESSAGE]);
        expect(reply.subarray(22, 38)).toEqual(messageAuthenticator(reply, 20, asked.authenticator, SECRET));
        expect(verifyReply(reply, asked, SECRET).ok).toBe(true);
      }
    },
  );

  test('copies every Proxy-State behind the other attributes, in order', () => {
    const asked = request(CODE.ACCESS_REQUEST, ['one', 'two', 'three']);
    const reply = parsed(encodeReply(asked, CODE.ACCESS_ACCEPT, [integerAttr(ATTR.SESSION_TIMEOUT, 60)], SECRET));
    expect(typesOf(reply)).toEqual([80, 27, 33, 33, 33]);
    expect(reply.getAll(ATTR.PROXY_STATE).map(String)).toEqual(['one', 'two', 'three']);
  });

  test('never changes what it is given, however often the same list is used', () => {
    const asked = request(CODE.ACCESS_REQUEST, ['state']);
    const before = Buffer.from(asked.raw);
    const attributes: readonly Attribute[] = Object.freeze([Object.freeze(textAttr(ATTR.REPLY_MESSAGE, 'hello'))]);
    const first = encodeReply(asked, CODE.ACCESS_ACCEPT, attributes, SECRET);
    const second = encodeReply(asked, CODE.ACCESS_ACCEPT, attributes, SECRET);
    expect(second).toEqual(first);
    expect(attributes).toHaveLength(1);
    expect(asked.raw).toEqual(before);
  });

  test('refuses a reply that the copied Proxy-States push over 4096 bytes', () => {
    const asked = request(CODE.ACCESS_REQUEST, Array<string>(15).fill('p'.repeat(253)));
    const fits = Array<Attribute>(1).fill(bytesAttr(ATTR.CLASS, Buffer.alloc(200)));
    expect(encodeReply(asked, CODE.ACCESS_ACCEPT, fits, SECRET).length).toBeLessThanOrEqual(4096);
    const tooMany = Array<Attribute>(3).fill(bytesAttr(ATTR.CLASS, Buffer.alloc(253)));
    expect(() => encodeReply(asked, CODE.ACCESS_ACCEPT, tooMany, SECRET)).toThrow(RangeError);
  });

  test('fills a packet to exactly 4096 bytes', () => {
    const room = 4096 - 20 - 18;
    const full = Array<Attribute>(15).fill(bytesAttr(ATTR.CLASS, Buffer.alloc(253)));
    const last = bytesAttr(ATTR.CLASS, Buffer.alloc(room - 15 * 255 - 2));
    const reply = encodeReply(request(1), CODE.ACCESS_ACCEPT, [...full, last], SECRET);
    expect(reply).toHaveLength(4096);
    expect(parsePacket(reply).ok).toBe(true);
  });

  test.each([
    ['a code that answers something else', CODE.ACCOUNTING_RESPONSE, NAME],
    ['a Message-Authenticator of the caller', CODE.ACCESS_ACCEPT, { type: 80, value: Buffer.alloc(16) }],
    ['a Proxy-State of the caller', CODE.ACCESS_ACCEPT, { type: 33, value: Buffer.alloc(1) }],
    ['a Tunnel-Password in clear text', CODE.ACCESS_ACCEPT, { type: 69, value: Buffer.alloc(20) }],
    ['an MPPE key outside an Access-Accept', CODE.ACCESS_REJECT, mppeKey(MICROSOFT.MPPE_SEND_KEY, Buffer.alloc(16))],
    ['an MPPE key of 240 bytes', CODE.ACCESS_ACCEPT, mppeKey(MICROSOFT.MPPE_SEND_KEY, Buffer.alloc(240))],
    ['a value of 254 bytes', CODE.ACCESS_ACCEPT, { type: 25, value: Buffer.alloc(254) }],
    ['a vendor value of 248 bytes', CODE.ACCESS_ACCEPT, { vendor: 9, type: 1, value: Buffer.alloc(248) }],
    ['attribute number 256', CODE.ACCESS_ACCEPT, { type: 256, value: Buffer.alloc(1) }],
  ])('refuses %s', (_what, code, attribute) => {
    expect(() => encodeReply(request(1), code, [attribute], SECRET)).toThrow(RangeError);
  });

  test('sends MPPE keys hidden, each with a salt of its own, and leaves what it was given alone', () => {
    const asked = request(CODE.ACCESS_REQUEST);
    const [sendKey, recvKey] = [Buffer.alloc(16, 0xa1), Buffer.alloc(16, 0xb2)];
    const attributes: readonly Attribute[] = Object.freeze([
      textAttr(ATTR.REPLY_MESSAGE, 'hello'),
      Object.freeze(mppeKey(MICROSOFT.MPPE_SEND_KEY, sendKey)),
      Object.freeze(mppeKey(MICROSOFT.MPPE_RECV_KEY, recvKey)),
    ]);
    for (let n = 0; n < 200; n += 1) {
      const datagram = encodeReply(asked, CODE.ACCESS_ACCEPT, attributes, SECRET);
      expect(datagram.includes(sendKey) || datagram.includes(recvKey)).toBe(false);
      const verified = verifyReply(datagram, asked, SECRET);
      if (!verified.ok) throw new Error(verified.reason);
      const hidden = [MICROSOFT.MPPE_SEND_KEY, MICROSOFT.MPPE_RECV_KEY].map(
        (type) => verified.packet.vendor(VENDOR.MICROSOFT, type) ?? Buffer.alloc(0),
      );
      expect(hidden.map((value) => revealSaltedKey(value, asked.authenticator, SECRET))).toEqual([sendKey, recvKey]);
      const salts = hidden.map((value) => value.readUInt16BE(0));
      expect(new Set(salts).size).toBe(2);
      expect(salts.every((salt) => salt >= 0x8000)).toBe(true);
    }
    expect(attributes[1]?.value).toEqual(Buffer.alloc(16, 0xa1));
  });

  test('names the attribute it refuses', () => {
    const attribute = { type: ATTR.TUNNEL_PASSWORD, value: Buffer.alloc(20) };
    expect(() => encodeReply(request(1), CODE.ACCESS_ACCEPT, [attribute], SECRET)).toThrow('Tunnel-Password (69)');
  });
});

describe('encodeRequest', () => {
  test('signs every kind of request with the Message-Authenticator first', () => {
    for (const code of [1, 4, 12, 40, 43]) expect(typesOf(request(code))[0]).toBe(ATTR.MESSAGE_AUTHENTICATOR);
  });

  test('refuses to send an MPPE key', () => {
    const attributes = [mppeKey(MICROSOFT.MPPE_RECV_KEY, Buffer.alloc(16))];
    const base = { code: 1, identifier: 1, secret: SECRET, messageAuthenticator: true };
    expect(() => encodeRequest({ ...base, attributes })).toThrow('MS-MPPE-Recv-Key (17) would be sent in clear text');
  });

  test('refuses a reply code, a bad identifier and a short authenticator', () => {
    const base = { code: 1, identifier: 1, attributes: [], secret: SECRET, messageAuthenticator: true };
    expect(() => encodeRequest({ ...base, code: CODE.ACCESS_ACCEPT })).toThrow(RangeError);
    expect(() => encodeRequest({ ...base, identifier: 256 })).toThrow(RangeError);
    expect(() => encodeRequest({ ...base, authenticator: Buffer.alloc(15) })).toThrow(RangeError);
  });
});

describe('verifyReply', () => {
  const asked = request(CODE.ACCESS_REQUEST);
  const reply = encodeReply(asked, CODE.ACCESS_ACCEPT, [textAttr(ATTR.REPLY_MESSAGE, 'hi')], SECRET);

  test('refuses every single-bit flip of a reply', () => {
    for (let bit = 0; bit < reply.length * 8; bit += 1) {
      const flipped = Buffer.from(reply);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(verifyReply(flipped, asked, SECRET).ok).toBe(false);
    }
  });

  test.each([
    ['wrong-identifier', { code: 1, identifier: 78, authenticator: asked.authenticator }, SECRET],
    ['wrong-code', { code: 4, identifier: 77, authenticator: asked.authenticator }, SECRET],
    ['authenticator-mismatch', { code: 1, identifier: 77, authenticator: Buffer.alloc(16) }, SECRET],
    ['authenticator-mismatch', { code: 1, identifier: 77, authenticator: asked.authenticator }, Buffer.from('other')],
  ])('refuses with %s', (reason, sent, secret) => {
    expect(verifyReply(reply, sent, secret)).toEqual({ ok: false, reason });
  });

  test.each([
    [CODE.ACCOUNTING_REQUEST, CODE.ACCOUNTING_RESPONSE],
    [CODE.DISCONNECT_REQUEST, CODE.DISCONNECT_NAK],
    [CODE.COA_REQUEST, CODE.COA_ACK],
  ])('accepts the answer to a request of code %d', (code, answer) => {
    const sent = request(code);
    expect(verifyReply(encodeReply(sent, answer, [], SECRET), sent, SECRET).ok).toBe(true);
  });
});
