import { ATTR, MICROSOFT, MIKROTIK, VENDOR, type Attribute } from './attributes.js';
import { loadDictionary } from './dictionary.js';
import { encodeRequest } from './encode.js';
import { parsePacket, type RadiusPacket } from './packet.js';
import {
  bytesAttr,
  describeAttributes,
  integerAttr,
  ipv4Attr,
  mikrotikTotalLimitAttrs,
  sessionTimeoutAttr,
  textAttr,
  vendorBytesAttr,
  vendorIntegerAttr,
  vendorIpv4Attr,
  vendorTextAttr,
} from './value-codec.js';

function packetWith(attributes: Attribute[], password?: string): RadiusPacket {
  const secret = Buffer.from('secret');
  const { datagram } = encodeRequest({
    code: 1,
    identifier: 1,
    attributes,
    secret,
    messageAuthenticator: true,
    ...(password === undefined ? {} : { password: Buffer.from(password) }),
  });
  const result = parsePacket(datagram);
  if (!result.ok) throw new Error(result.reason);
  return result.packet;
}

/** Calls a constructor as untyped code could. */
function construct(constructor: (...args: never[]) => Attribute, ...args: unknown[]): () => unknown {
  return () => Reflect.apply(constructor, undefined, args);
}

test.each([NaN, Infinity, -1, 0.5, 4_294_967_296, null, undefined, '', '5', true, 5n])(
  'refuses %p as an integer and names the attribute',
  (value) => {
    expect(construct(integerAttr, ATTR.IDLE_TIMEOUT, value)).toThrow(RangeError);
    expect(construct(integerAttr, ATTR.IDLE_TIMEOUT, value)).toThrow('Idle-Timeout (28)');
    expect(construct(vendorIntegerAttr, VENDOR.MIKROTIK, MIKROTIK.TOTAL_LIMIT, value)).toThrow(
      'Mikrotik-Total-Limit (17)',
    );
  },
);

test('encodes the bounds of an integer', () => {
  expect(integerAttr(ATTR.IDLE_TIMEOUT, 0).value.toString('hex')).toBe('00000000');
  expect(integerAttr(ATTR.IDLE_TIMEOUT, 4_294_967_295).value.toString('hex')).toBe('ffffffff');
});

test('refuses a Session-Timeout of 0, which RouterOS reads as no limit', () => {
  expect(() => sessionTimeoutAttr(0)).toThrow('Session-Timeout (27) takes at least 1 second');
  expect(construct(sessionTimeoutAttr, null)).toThrow(RangeError);
  expect(sessionTimeoutAttr(3600).value.readUInt32BE(0)).toBe(3600);
});

test('splits a byte limit over two attributes and refuses none at all', () => {
  const attributes = mikrotikTotalLimitAttrs(6_000_000_000n);
  expect(attributes.map(({ type, value }) => [type, value.readUInt32BE(0)])).toEqual([
    [MIKROTIK.TOTAL_LIMIT, 1_705_032_704],
    [MIKROTIK.TOTAL_LIMIT_GIGAWORDS, 1],
  ]);
  expect(() => mikrotikTotalLimitAttrs(0n)).toThrow(RangeError);
  expect(() => mikrotikTotalLimitAttrs(1n << 64n)).toThrow(RangeError);
});

test.each(['300.1.1.1', 'a.b.c.d', '1.2.3', '', '::1', '01.2.3.4'])('refuses %p as an IPv4 address', (address) => {
  expect(() => ipv4Attr(ATTR.FRAMED_IP_ADDRESS, address)).toThrow('Framed-IP-Address (8)');
});

test('refuses empty and overlong text, counted in bytes', () => {
  expect(() => textAttr(ATTR.REPLY_MESSAGE, '')).toThrow('Reply-Message (18)');
  expect(() => textAttr(ATTR.REPLY_MESSAGE, 'é'.repeat(127))).toThrow(RangeError);
  expect(textAttr(ATTR.REPLY_MESSAGE, 'é'.repeat(126)).value).toHaveLength(252);
  expect(() => vendorTextAttr(VENDOR.MIKROTIK, MIKROTIK.RATE_LIMIT, 'x'.repeat(248))).toThrow(
    'Mikrotik-Rate-Limit (8)',
  );
  expect(construct(textAttr, ATTR.REPLY_MESSAGE, undefined)).toThrow(RangeError);
  expect(() => bytesAttr(ATTR.CLASS, Buffer.alloc(254))).toThrow('Class (25)');
  expect(() => vendorBytesAttr(VENDOR.MICROSOFT, MICROSOFT.CHAP2_SUCCESS, Buffer.alloc(248))).toThrow(
    'MS-CHAP2-Success',
  );
});

describe('describeAttributes', () => {
  test('prints names and values, and leaves passwords and signatures out', () => {
    const packet = packetWith(
      [
        textAttr(ATTR.USER_NAME, 'nemo'),
        integerAttr(ATTR.NAS_PORT_TYPE, 19),
        integerAttr(ATTR.ACCT_SESSION_TIME, 61),
        ipv4Attr(ATTR.FRAMED_IP_ADDRESS, '10.0.0.9'),
        bytesAttr(ATTR.CLASS, Buffer.from([1, 255])),
        textAttr(ATTR.REPLY_MESSAGE, 'one'),
        textAttr(ATTR.REPLY_MESSAGE, 'two'),
        vendorTextAttr(VENDOR.MIKROTIK, MIKROTIK.RATE_LIMIT, '5M/5M'),
        vendorIpv4Attr(VENDOR.MIKROTIK, MIKROTIK.HOST_IP, '10.0.0.9'),
        vendorTextAttr(VENDOR.MIKROTIK, MIKROTIK.WIRELESS_PSK, 'hush'),
        vendorIntegerAttr(VENDOR.WISPR, 7, 512_000),
        vendorBytesAttr(VENDOR.MICROSOFT, MICROSOFT.CHAP2_RESPONSE, Buffer.alloc(50, 'h')),
      ],
      'arctangent',
    );
    expect(describeAttributes(packet)).toEqual({
      'User-Name': 'nemo',
      'NAS-Port-Type': 'Wireless-802.11',
      'Acct-Session-Time': '61',
      'Framed-IP-Address': '10.0.0.9',
      Class: '0x01ff',
      'Reply-Message': 'one, two',
      'Mikrotik-Rate-Limit': '5M/5M',
      'Mikrotik-Host-IP': '10.0.0.9',
      'WISPr-Bandwidth-Max-Up': '512000',
    });
  });

  test('R16: a value cannot forge a log line, and unknown or odd attributes are shown as bytes', () => {
    const packet = packetWith([
      textAttr(ATTR.USER_NAME, 'a\nb\u0000'),
      bytesAttr(200, Buffer.from([1, 2])),
      bytesAttr(66, Buffer.alloc(0)),
      vendorBytesAttr(9, 1, Buffer.from('x')),
    ]);
    expect(describeAttributes(packet)).toEqual({
      'User-Name': 'a\\u000ab\\u0000',
      'Attr-200': '0x0102',
      'Tunnel-Client-Endpoint': '0x',
      'Vendor-9-Attr-1': '0x78',
    });
  });
});

describe('loadDictionary', () => {
  test('names every attribute we have a constant for, and finds its number again', () => {
    const dictionary = loadDictionary();
    for (const type of Object.values(ATTR)) {
      expect(dictionary.numberOf(dictionary.nameOf(type))).toBe(type);
    }
    for (const type of Object.values(MIKROTIK)) {
      const name = dictionary.nameOf(type, VENDOR.MIKROTIK);
      expect(name).toMatch(/^Mikrotik-/);
      expect(dictionary.numberOf(name, VENDOR.MIKROTIK)).toBe(type);
    }
    for (const type of Object.values(MICROSOFT)) expect(dictionary.nameOf(type, VENDOR.MICROSOFT)).toMatch(/^MS-/);
    expect(dictionary.numberOf('constructor')).toBeUndefined();
  });
});
