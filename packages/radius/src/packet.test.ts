import fc from 'fast-check';
import radius from 'radius';
import { ATTR, CODE, MICROSOFT, MIKROTIK, VENDOR, type Attribute } from './attributes.js';
import { encodeRequest } from './encode.js';
import { parsePacket, PARSE_FAILURES, type RadiusPacket } from './packet.js';
import { integerAttr, ipv4Attr, textAttr, vendorIntegerAttr, vendorTextAttr } from './value-codec.js';

const SECRET = Buffer.from('0123456789abcdef0123456789abcdef');

/** A packet of raw attribute bytes, its length filled in. */
function packetOf(code: number, ...attributes: number[][]): Buffer {
  const body = Buffer.from(attributes.flat());
  const packet = Buffer.concat([Buffer.from([code, 7, 0, 0]), Buffer.alloc(16, 9), body]);
  packet.writeUInt16BE(packet.length, 2);
  return packet;
}

function parsed(datagram: Buffer): RadiusPacket {
  const result = parsePacket(datagram);
  if (!result.ok) throw new Error(result.reason);
  return result.packet;
}

function reasonOf(datagram: Buffer): string {
  const result = parsePacket(datagram);
  return result.ok ? 'accepted' : result.reason;
}

/** The framing rules of RFC 2865 3 and 5, written a second time and differently, to judge the parser by. */
function isWellFramed(datagram: Buffer): boolean {
  if (datagram.length < 20) return false;
  const length = datagram.readUInt16BE(2);
  if (length < 20 || length > 4096 || length > datagram.length) return false;
  let rest = datagram.subarray(20, length);
  while (rest.length > 0) {
    const size = rest.length > 1 ? rest.readUInt8(1) : 0;
    if (size < 2 || size > rest.length) return false;
    rest = rest.subarray(size);
  }
  return true;
}

describe('parsePacket', () => {
  test.each([
    ['too-short', Buffer.from([1, 0, 0, 4])],
    ['too-short', Buffer.alloc(0)],
    ['bad-length', packetOf(1).fill(0, 2, 4)],
    ['bad-length', Buffer.concat([packetOf(1).subarray(0, 2), Buffer.from([0, 21]), Buffer.alloc(16)])],
    ['unknown-code', packetOf(99)],
    ['truncated-attribute', packetOf(1, [1])],
    ['attribute-overrun', packetOf(1, [1, 9, 65])],
    ['attribute-overrun', packetOf(1, [1, 1, 65])],
    ['attribute-overrun', packetOf(1, [1, 0])],
    ['duplicate-attribute', packetOf(1, [1, 3, 65], [1, 3, 66])],
    ['bad-attribute-size', packetOf(1, [4, 5, 1, 2, 3])],
    ['bad-attribute-size', packetOf(1, [2, 17, ...Array<number>(15).fill(1)])],
    ['bad-attribute-size', packetOf(1, [2, 19, ...Array<number>(17).fill(1)])],
    ['bad-attribute-size', packetOf(1, [2, 146, ...Array<number>(144).fill(1)])],
    ['bad-attribute-size', packetOf(1, [3, 18, ...Array<number>(16).fill(1)])],
    ['bad-attribute-size', packetOf(1, [80, 17, ...Array<number>(15).fill(1)])],
    ['bad-attribute-size', packetOf(1, [26, 6, 0, 0, 58, 140])],
    [
      'conflicting-credentials',
      packetOf(1, [2, 18, ...Array<number>(16).fill(1)], [3, 19, ...Array<number>(17).fill(1)]),
    ],
    ['bad-vendor-attribute', packetOf(1, [26, 9, 0, 0, 58, 140, 8, 9, 1])],
    ['bad-vendor-attribute', packetOf(1, [26, 9, 0, 0, 58, 140, 8, 0, 1])],
    ['bad-vendor-attribute', packetOf(1, [26, 7, 0, 0, 58, 140, 8])],
    ['bad-attribute-size', packetOf(1, [26, 9, 0, 0, 58, 140, MIKROTIK.HOST_IP, 3, 1])],
    ['too-many-attributes', packetOf(1, ...Array<number[]>(201).fill([18, 2]))],
  ])('R4: refuses a packet as %s', (reason, datagram) => {
    expect(reasonOf(datagram)).toBe(reason);
  });

  test('R4: refuses a datagram whose Length passes 4096', () => {
    const datagram = Buffer.alloc(5000, 0);
    datagram[0] = 1;
    datagram.writeUInt16BE(4097, 2);
    expect(reasonOf(datagram)).toBe('bad-length');
  });

  test('R15: refuses a second copy of what identifies a session, also inside one vendor attribute', () => {
    for (const type of [ATTR.CALLED_STATION_ID, ATTR.CALLING_STATION_ID, ATTR.NAS_IDENTIFIER, ATTR.ACCT_SESSION_ID]) {
      expect(reasonOf(packetOf(1, [type, 3, 65], [1, 3, 65], [type, 3, 66]))).toBe('duplicate-attribute');
    }
    const realm = [MIKROTIK.REALM, 3, 65];
    expect(reasonOf(packetOf(1, [26, 12, 0, 0, 58, 140, ...realm, ...realm]))).toBe('duplicate-attribute');
    const challenge = [26, 9, 0, 0, 1, 55, MICROSOFT.CHAP_CHALLENGE, 3, 1];
    expect(reasonOf(packetOf(1, challenge, challenge))).toBe('duplicate-attribute');
  });

  test('R15: tells one Class from several', () => {
    expect(parsed(packetOf(4, [25, 3, 65])).only(ATTR.CLASS)).toEqual(Buffer.from('A'));
    const two = parsed(packetOf(4, [25, 3, 65], [25, 3, 66]));
    expect(two.only(ATTR.CLASS)).toBeUndefined();
    expect(two.getAll(ATTR.CLASS)).toEqual([Buffer.from('A'), Buffer.from('B')]);
  });

  test('ignores padding behind the Length field', () => {
    const packet = packetOf(1, [1, 4, 65, 66]);
    const padded = parsed(Buffer.concat([packet, Buffer.alloc(30, 255)]));
    expect(padded.raw).toEqual(packet);
    expect(padded.text(ATTR.USER_NAME)).toBe('AB');
  });

  test('leaves the attributes of unknown vendors alone, whatever their format', () => {
    const packet = parsed(packetOf(1, [26, 9, 1, 2, 3, 4, 5, 200, 1], [26, 8, 0, 0, 9, 9, 1, 2]));
    expect(packet.vendor(0x01020304, 5)).toBeUndefined();
    expect(packet.vendor(0x0909, 1)).toEqual(Buffer.alloc(0));
  });

  test('reads integers, addresses, 64-bit counters and vendor values', () => {
    const attributes = [
      ipv4Attr(ATTR.NAS_IP_ADDRESS, '10.20.30.255'),
      integerAttr(ATTR.ACCT_INPUT_OCTETS, 4_294_967_295),
      integerAttr(ATTR.ACCT_INPUT_GIGAWORDS, 3),
      integerAttr(ATTR.ACCT_OUTPUT_OCTETS, 5),
      vendorTextAttr(VENDOR.MIKROTIK, MIKROTIK.REALM, 'home'),
      vendorIntegerAttr(VENDOR.MIKROTIK, MIKROTIK.TOTAL_LIMIT, 77),
    ];
    const { datagram } = encodeRequest({
      code: 4,
      identifier: 3,
      attributes,
      secret: SECRET,
      messageAuthenticator: false,
    });
    const packet = parsed(datagram);
    expect(packet.code).toBe(CODE.ACCOUNTING_REQUEST);
    expect(packet.identifier).toBe(3);
    expect(packet.ipv4(ATTR.NAS_IP_ADDRESS)).toBe('10.20.30.255');
    expect(packet.integer(ATTR.ACCT_INPUT_OCTETS)).toBe(4_294_967_295);
    expect(packet.octets64(ATTR.ACCT_INPUT_OCTETS, ATTR.ACCT_INPUT_GIGAWORDS)).toBe(17_179_869_183n);
    expect(packet.octets64(ATTR.ACCT_OUTPUT_OCTETS, ATTR.ACCT_OUTPUT_GIGAWORDS)).toBe(5n);
    expect(packet.vendor(VENDOR.MIKROTIK, MIKROTIK.REALM)).toEqual(Buffer.from('home'));
    expect(packet.vendor(VENDOR.MIKROTIK, MIKROTIK.TOTAL_LIMIT)?.readUInt32BE(0)).toBe(77);
    expect(packet.vendor(VENDOR.WISPR, MIKROTIK.REALM)).toBeUndefined();
    expect(packet.integer(ATTR.SESSION_TIMEOUT)).toBeUndefined();
    expect(packet.ipv4(ATTR.FRAMED_IP_ADDRESS)).toBeUndefined();
    expect([...packet.attributes()]).toEqual(attributes);
  });

  test.each([
    ['NUL', Buffer.from('a\0b')],
    ['latin1', Buffer.from([0x75, 0xff])],
    ['another invalid UTF-8', Buffer.from([0x75, 0xfe])],
    ['UTF-8', Buffer.from('Ωmega 😀')],
    ['SQL', Buffer.from(`'; DROP TABLE customers; --`)],
    ['253 bytes', Buffer.alloc(253, 'x')],
  ])('R16: keeps the bytes of a user name with %s', (_what, name) => {
    const packet = parsed(packetOf(1, [1, name.length + 2, ...name]));
    expect(packet.get(ATTR.USER_NAME)).toEqual(name);
    const invalid = name.toString('utf8').includes('\ufffd');
    expect(packet.text(ATTR.USER_NAME)).toBe(name.toString(invalid ? 'latin1' : 'utf8'));
  });

  test('R16: any 1 to 253 bytes make the round trip as a user name', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 253 }), (bytes) => {
        const value = Buffer.from(bytes);
        const attributes = [{ type: ATTR.USER_NAME, value }];
        const request = encodeRequest({
          code: 1,
          identifier: 0,
          attributes,
          secret: SECRET,
          messageAuthenticator: true,
        });
        expect(parsed(request.datagram).get(ATTR.USER_NAME)).toEqual(value);
      }),
      { numRuns: 2_000 },
    );
  });
});

const anyAttribute: fc.Arbitrary<Attribute> = fc.oneof(
  // Types without rules of their own: filter-id, reply-message, framed-route, and unassigned ones.
  fc.record({
    type: fc.constantFrom(11, 18, 25, 22, 192, 250),
    value: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  }),
  fc.record({
    vendor: fc.constantFrom<number>(VENDOR.MIKROTIK, VENDOR.WISPR, 9),
    type: fc.constantFrom<number>(MIKROTIK.RATE_LIMIT, MIKROTIK.GROUP),
    value: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  }),
);

describe('rules of the attribute tables', () => {
  const refusal = (code: number, ...attributes: readonly (readonly [type: number, size: number])[]): string => {
    const parts = attributes.map(([type, size]) =>
      Buffer.concat([Buffer.from([type, size + 2]), Buffer.alloc(size, 1)]),
    );
    const datagram = Buffer.concat([Buffer.from([code, 1, 0, 0]), Buffer.alloc(16), ...parts]);
    datagram.writeUInt16BE(datagram.length, 2);
    const result = parsePacket(datagram);
    return result.ok ? 'accepted' : result.reason;
  };

  test('R4: an Access-Request with EAP-Message and another kind of credentials is refused', () => {
    expect(refusal(CODE.ACCESS_REQUEST, [79, 8], [2, 16])).toBe('conflicting-credentials');
    expect(refusal(CODE.ACCESS_REQUEST, [3, 17], [79, 8])).toBe('conflicting-credentials');
    expect(refusal(CODE.ACCESS_REQUEST, [79, 8], [79, 8])).toBe('accepted');
  });

  test('R4: attribute number 0 is refused', () => {
    expect(refusal(CODE.ACCESS_REQUEST, [0, 4])).toBe('attribute-overrun');
  });

  test('R4: sizes of attributes we do not read are checked too, as they spoil an Accounting-Request (RFC 2866 5)', () => {
    for (const [type, size] of [
      [15, 3],
      [36, 31],
      [60, 4],
      [69, 2],
      [71, 13],
      [97, 1],
      [98, 4],
      [123, 19],
    ] as const) {
      expect([type, refusal(CODE.ACCOUNTING_REQUEST, [type, size])]).toEqual([type, 'bad-attribute-size']);
    }
  });

  test('R15: what may come once is refused twice, Connect-Info only where it may come once', () => {
    expect(refusal(CODE.ACCOUNTING_REQUEST, [29, 4], [29, 4])).toBe('duplicate-attribute');
    expect(refusal(CODE.ACCESS_REQUEST, [77, 3], [77, 3])).toBe('duplicate-attribute');
    expect(refusal(CODE.ACCOUNTING_REQUEST, [77, 3], [77, 3])).toBe('accepted');
  });
});

describe('properties', () => {
  test('what is encoded is parsed back, attribute by attribute', () => {
    fc.assert(
      fc.property(
        fc.array(anyAttribute, { maxLength: 15 }),
        fc.constantFrom<number>(1, 4, 12, 40, 43),
        fc.nat(255),
        (attributes, code, identifier) => {
          const request = { code, identifier, attributes, secret: SECRET, messageAuthenticator: false };
          const packet = parsed(encodeRequest(request).datagram);
          expect([packet.code, packet.identifier]).toEqual([code, identifier]);
          expect([...packet.attributes()]).toEqual(attributes);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('R4: arbitrary bytes never throw and are never accepted unless well framed', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom(...Object.values(CODE)),
        fc.boolean(),
        (bytes, code, fix) => {
          const datagram = Buffer.from(bytes);
          if (fix && datagram.length >= 20) {
            datagram[0] = code;
            datagram.writeUInt16BE(datagram.length, 2);
          }
          judge(datagram);
        },
      ),
      { numRuns: 20_000 },
    );
  });

  test('R4: mutated packets never throw and are never accepted unless well framed', () => {
    const { datagram } = encodeRequest({
      code: 1,
      identifier: 1,
      attributes: [textAttr(ATTR.USER_NAME, 'nemo'), vendorTextAttr(VENDOR.MIKROTIK, MIKROTIK.REALM, 'x')],
      password: Buffer.from('arctangent'),
      secret: SECRET,
      messageAuthenticator: true,
    });
    const mutation = fc.tuple(fc.nat(datagram.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 6 }), fc.nat(datagram.length), (mutations, cut) => {
        const mutant = Buffer.from(datagram);
        for (const [at, byte] of mutations) mutant[at] = byte;
        judge(mutant);
        judge(mutant.subarray(0, cut));
      }),
      { numRuns: 20_000 },
    );
  });

  function judge(datagram: Buffer): void {
    const result = parsePacket(datagram);
    if (!result.ok) {
      expect(PARSE_FAILURES).toContain(result.reason);
      return;
    }
    expect(isWellFramed(datagram)).toBe(true);
    const { packet } = result;
    for (const type of [ATTR.USER_NAME, ATTR.USER_PASSWORD, ATTR.MESSAGE_AUTHENTICATOR]) {
      expect(packet.getAll(type).length).toBeLessThanOrEqual(1);
    }
    for (let type = 0; type < 256; type += 1) {
      packet.getAll(type);
      packet.integer(type);
      packet.text(type);
      packet.vendor(VENDOR.MIKROTIK, type);
      packet.vendor(9, type);
    }
    expect([...packet.attributes()].length).toBeGreaterThanOrEqual(0);
  }

  test('npm radius reads the same names and values from a well-formed packet', () => {
    const printable = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme-ascii' });
    fc.assert(
      fc.property(printable, printable, fc.nat(0xffff_ffff), fc.ipV4(), (user, station, seconds, address) => {
        const attributes = [
          textAttr(ATTR.USER_NAME, user),
          textAttr(ATTR.CALLING_STATION_ID, station),
          integerAttr(ATTR.ACCT_SESSION_TIME, seconds),
          ipv4Attr(ATTR.FRAMED_IP_ADDRESS, address),
        ];
        const { datagram } = encodeRequest({
          code: 4,
          identifier: 9,
          attributes,
          secret: SECRET,
          messageAuthenticator: false,
        });
        const packet = parsed(datagram);
        expect(radius.decode({ packet: datagram, secret: SECRET.toString() }).attributes).toEqual({
          'User-Name': packet.text(ATTR.USER_NAME),
          'Calling-Station-Id': packet.text(ATTR.CALLING_STATION_ID),
          'Acct-Session-Time': packet.integer(ATTR.ACCT_SESSION_TIME),
          'Framed-IP-Address': packet.ipv4(ATTR.FRAMED_IP_ADDRESS),
        });
      }),
      { numRuns: 200 },
    );
  });
});
