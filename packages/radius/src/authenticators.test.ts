import fc from 'fast-check';
import { ATTR, CODE, type Attribute } from './attributes.js';
import { verifyRequest, type VerifyPolicy } from './authenticators.js';
import { encodeRequest } from './encode.js';
import { parsePacket, type RadiusPacket } from './packet.js';
import { bytesAttr, integerAttr, textAttr } from './value-codec.js';

const SECRET = Buffer.from('a secret of thirty-two characters');
const OTHER = Buffer.from('another secret of this very NAS');
const REQUIRED: VerifyPolicy = { messageAuthenticator: 'required' };
const OPTIONAL: VerifyPolicy = { messageAuthenticator: 'optional' };
const NAME = textAttr(ATTR.USER_NAME, 'nemo');

function request(code: number, messageAuthenticator: boolean, attributes: Attribute[] = [NAME]): Buffer {
  return encodeRequest({ code, identifier: 5, attributes, secret: SECRET, messageAuthenticator }).datagram;
}

function parsed(datagram: Buffer): RadiusPacket {
  const result = parsePacket(datagram);
  if (!result.ok) throw new Error(result.reason);
  return result.packet;
}

function verdict(datagram: Buffer, policy = REQUIRED, secrets = [SECRET]): string {
  const result = parsePacket(datagram);
  if (!result.ok) return result.reason;
  const verified = verifyRequest(result.packet, secrets, policy);
  return verified.ok ? 'ok' : verified.reason;
}

/** Verdicts on every packet that differs in one bit from `datagram`. */
function bitFlips(datagram: Buffer, policy: VerifyPolicy): string[] {
  return Array.from({ length: datagram.length * 8 }, (_, bit) => {
    const flipped = Buffer.from(datagram);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return verdict(flipped, policy);
  });
}

describe('verifyRequest', () => {
  test.each([
    ['signed Access-Request', CODE.ACCESS_REQUEST, true],
    ['Accounting-Request', CODE.ACCOUNTING_REQUEST, false],
    ['Accounting-Request with Message-Authenticator', CODE.ACCOUNTING_REQUEST, true],
    ['Disconnect-Request', CODE.DISCONNECT_REQUEST, false],
    ['Disconnect-Request with Message-Authenticator', CODE.DISCONNECT_REQUEST, true],
    ['CoA-Request with Message-Authenticator', CODE.COA_REQUEST, true],
    ['Status-Server', CODE.STATUS_SERVER, true],
  ])('accepts a %s and finds its secret proven', (_what, code, signed) => {
    const result = verifyRequest(parsed(request(code, signed)), [SECRET], REQUIRED);
    expect(result).toEqual({ ok: true, secret: SECRET, secretIndex: 0, proven: true, signed });
  });

  test('R5: refuses every single-bit flip of a signed Access-Request', () => {
    const datagram = request(CODE.ACCESS_REQUEST, true);
    expect(bitFlips(datagram, REQUIRED)).not.toContain('ok');
  });

  test.each([true, false])('R5: refuses every single-bit flip of an Accounting-Request (signed: %s)', (signed) => {
    const datagram = request(CODE.ACCOUNTING_REQUEST, signed, [NAME, integerAttr(ATTR.ACCT_STATUS_TYPE, 1)]);
    expect(bitFlips(datagram, REQUIRED)).not.toContain('ok');
  });

  test.each([
    ['all ones', Buffer.alloc(16, 0xff)],
    ['all zeros', Buffer.alloc(16)],
    [
      'invalid UTF-8 that a lossy compare would take for equal',
      Buffer.concat([Buffer.from([0xe2, 0x80]), Buffer.alloc(14, 0xff)]),
    ],
  ])('R5: refuses a forged authenticator of %s', (_what, forged) => {
    const accounting = request(CODE.ACCOUNTING_REQUEST, false);
    forged.copy(accounting, 4);
    expect(verdict(accounting)).toBe('authenticator-mismatch');
    const access = request(CODE.ACCESS_REQUEST, true);
    forged.copy(access, 22);
    expect(verdict(access)).toBe('message-authenticator-mismatch');
  });

  test('R5: compares bytes: no authenticator differing only in invalid UTF-8 passes', () => {
    const genuine = request(CODE.ACCOUNTING_REQUEST, false);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const forged = Buffer.from(genuine);
        forged.set(bytes, 4);
        expect(verdict(forged)).toBe(forged.equals(genuine) ? 'ok' : 'authenticator-mismatch');
      }),
      { numRuns: 3_000 },
    );
  });

  test('R6: drops an unsigned Access-Request when the NAS requires Message-Authenticator', () => {
    expect(verdict(request(CODE.ACCESS_REQUEST, false))).toBe('message-authenticator-missing');
  });

  test('R6: takes an unsigned Access-Request where it is optional, its secret unproven', () => {
    const packet = parsed(request(CODE.ACCESS_REQUEST, false));
    expect(verifyRequest(packet, [SECRET], OPTIONAL)).toEqual({
      ok: true,
      secret: SECRET,
      secretIndex: 0,
      proven: false,
      signed: false,
    });
  });

  test.each([
    ['Proxy-State', 33],
    ['EAP-Message', 79],
  ])('R6: drops an unsigned Access-Request with %s even where signing is optional', (_name, type) => {
    const { datagram } = { datagram: request(CODE.ACCESS_REQUEST, false) };
    const withAttribute = Buffer.concat([datagram, Buffer.from([type, 3, 1])]);
    withAttribute.writeUInt16BE(withAttribute.length, 2);
    expect(verdict(withAttribute, OPTIONAL)).toBe('message-authenticator-missing');
  });

  test('R6: checks a Message-Authenticator also where it is optional', () => {
    const datagram = request(CODE.ACCESS_REQUEST, true);
    datagram.writeUInt8(datagram.readUInt8(25) ^ 1, 25);
    expect(verdict(datagram, OPTIONAL)).toBe('message-authenticator-mismatch');
  });

  test('R18: refuses a Status-Server without Message-Authenticator', () => {
    expect(verdict(request(CODE.STATUS_SERVER, false), OPTIONAL)).toBe('message-authenticator-missing');
  });

  test('R13: tells which of two secrets a packet was made with', () => {
    for (const code of [CODE.ACCESS_REQUEST, CODE.ACCOUNTING_REQUEST]) {
      const result = verifyRequest(parsed(request(code, true)), [OTHER, SECRET], REQUIRED);
      expect(result).toEqual({ ok: true, secret: SECRET, secretIndex: 1, proven: true, signed: true });
    }
    expect(verdict(request(CODE.ACCOUNTING_REQUEST, false), REQUIRED, [OTHER])).toBe('authenticator-mismatch');
  });

  test('refuses everything from a NAS without secret, and an empty secret counts as none', () => {
    expect(verdict(request(CODE.ACCESS_REQUEST, true), REQUIRED, [])).toBe('no-secret');
    const empty = Buffer.alloc(0);
    const { datagram } = encodeRequest({
      code: 4,
      identifier: 1,
      attributes: [NAME],
      secret: empty,
      messageAuthenticator: false,
    });
    expect(verdict(datagram, REQUIRED, [empty])).toBe('no-secret');
  });

  test('does not take a reply for a request', () => {
    const datagram = request(CODE.ACCESS_REQUEST, true);
    datagram[0] = CODE.ACCESS_ACCEPT;
    expect(verdict(datagram)).toBe('not-a-request');
  });

  test('leaves the packet as it was', () => {
    const datagram = request(CODE.ACCOUNTING_REQUEST, true, [bytesAttr(ATTR.CLASS, Buffer.from('c'))]);
    const before = Buffer.from(datagram);
    expect(verdict(datagram)).toBe('ok');
    expect(datagram).toEqual(before);
  });
});
