import { createDraft, createGenerator, signDraft } from './generate.js';
import { createOracle } from './oracle.js';
import { packetOf } from './packet-of.js';
import { Random } from './random.js';
import { RFC_ATTRIBUTES } from './rfc-attributes.js';
import { hmacMd5, isAuthenticRequest, md5, sign, trueAuthenticator } from './signatures.js';

const judge = createOracle();
const SECRET = Buffer.from('a secret of the tests');

describe('the oracle', () => {
  test.each([
    ['fewer than 20 bytes', Buffer.alloc(19), 'header'],
    ['a Length below 20', Object.assign(packetOf(1), { 3: 19 }), 'length'],
    ['a Length beyond the datagram', Object.assign(packetOf(1), { 3: 21 }), 'length'],
    ['code 6', packetOf(6), 'code'],
    ['an attribute of length 1', Buffer.concat([packetOf(1), Buffer.from([1, 1])]).fill(22, 3, 4), 'attribute-bounds'],
    ['a stray byte', Buffer.concat([packetOf(1), Buffer.from([1])]).fill(21, 3, 4), 'attribute-bounds'],
    ['attribute number 0', packetOf(1, [0, 4]), 'attribute-bounds'],
    ['an integer of 3 bytes', packetOf(4, [46, 3]), 'attribute-size'],
    ['a password of 17 bytes', packetOf(1, [2, 17]), 'attribute-size'],
    ['a CHAP-Challenge of 4 bytes', packetOf(1, [60, 4]), 'attribute-size'],
    ['two User-Names', packetOf(1, [1, 3], [1, 3]), 'repeated'],
    ['two Message-Authenticators', packetOf(1, [80, 16], [80, 16]), 'repeated'],
    ['a password beside a CHAP response', packetOf(1, [2, 16], [3, 17]), 'two-credentials'],
    ['a password beside EAP', packetOf(1, [2, 16], [79, 9]), 'two-credentials'],
  ])('refuses %s', (_name, datagram, rule) => {
    expect(judge(datagram).broken).toBe(rule);
  });

  test('passes padding, empty texts, unknown attributes and what may repeat', () => {
    const packet = packetOf(1, [1, 5], [32, 0], [33, 4], [33, 4], [250, 9], [250, 0]);
    const judged = judge(Buffer.concat([packet, Buffer.alloc(9)]));
    expect(judged.broken).toBeUndefined();
    expect(judged.lenient).toContain('empty-value');
    expect(judged.packet).toHaveLength(packet.length);
  });

  test('has a table of seven columns without a number twice', () => {
    expect(RFC_ATTRIBUTES.filter(([, , counts]) => !/^[01?*]{7}[*]?$/.test(counts))).toEqual([]);
    expect(new Set(RFC_ATTRIBUTES.map(([type]) => type)).size).toBe(RFC_ATTRIBUTES.length);
  });
});

describe('its signatures', () => {
  test('are those of RFC 2202 and RFC 1321', () => {
    expect(hmacMd5(Buffer.from('Jefe'), Buffer.from('what do ya want for nothing?')).toString('hex')).toBe(
      '750c783e6ab0b503eaa86e310a5db738',
    );
    expect(
      hmacMd5(Buffer.alloc(80, 0xaa), Buffer.from('Test Using Larger Than Block-Size Key - Hash Key First')).toString(
        'hex',
      ),
    ).toBe('6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd');
    expect(md5(Buffer.from('ab'), Buffer.from('c')).toString('hex')).toBe('900150983cd24fb0d6963f7d28e17f72');
  });

  test('believe a signed request, and no other', () => {
    const packet = packetOf(1, [1, 5], [80, 16]);
    const policy = { signatureRequired: true };
    expect(isAuthenticRequest(packet, new Set([1, 80]), SECRET, policy)).toBe(false);
    sign(packet, SECRET);
    expect(isAuthenticRequest(packet, new Set([1, 80]), SECRET, policy)).toBe(true);
    expect(isAuthenticRequest(packet, new Set([1, 80]), Buffer.from('another'), policy)).toBe(false);
  });

  test('hold an accounting request to its authenticator', () => {
    const packet = packetOf(4, [40, 4], [44, 8]);
    const policy = { signatureRequired: false };
    expect(isAuthenticRequest(packet, new Set([40, 44]), SECRET, policy)).toBe(false);
    trueAuthenticator(packet, SECRET).copy(packet, 4);
    expect(isAuthenticRequest(packet, new Set([40, 44]), SECRET, policy)).toBe(true);
  });
});

describe('the generator', () => {
  test('makes only packets the oracle passes, the same ones for the same seed', () => {
    const make = (): Buffer[] => {
      const random = new Random(5);
      const generator = createGenerator();
      const draft = createDraft();
      return Array.from({ length: 2_000 }, (_, index) => {
        random.reseed(5, index);
        generator.packet(random, draft, SECRET);
        signDraft(draft, SECRET, Buffer.alloc(16));
        return Buffer.from(draft.bytes.subarray(0, draft.length));
      });
    };
    const packets = make();
    expect(packets.map((packet) => judge(packet)).filter(({ broken }) => broken !== undefined)).toEqual([]);
    expect(new Set(packets.map((packet) => packet[0])).size).toBe(13);
    expect(make()).toEqual(packets);
  });
});
