import fc from 'fast-check';
import {
  cidrContains,
  cidrsOverlap,
  firstHost,
  formatCidr,
  formatIpv4,
  lastHost,
  parseCidr,
  parseIpv4,
} from './ipv4.js';

function cidr(text: string) {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(`${text} is not a CIDR`);
  return parsed;
}

describe('parseIpv4', () => {
  test('reads every address it formats', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (address) => parseIpv4(formatIpv4(address)) === address),
    );
  });

  test.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '256.0.0.1',
    '01.2.3.4',
    '1.2.3.4 ',
    '0x7f.0.0.1',
    '1.2.3.-4',
    '2130706433',
    '::1',
  ])('refuses %p', (text) => {
    expect(parseIpv4(text)).toBeUndefined();
  });
});

describe('parseCidr', () => {
  test('gives network and broadcast, and keeps the address as written', () => {
    const parsed = cidr('192.168.88.1/24');
    expect(formatCidr(parsed)).toBe('192.168.88.1/24');
    expect(formatIpv4(parsed.network)).toBe('192.168.88.0');
    expect(formatIpv4(parsed.broadcast)).toBe('192.168.88.255');
    expect(formatIpv4(firstHost(parsed))).toBe('192.168.88.1');
    expect(formatIpv4(lastHost(parsed))).toBe('192.168.88.254');
  });

  test('has no network and broadcast address to spare in /31 and /32', () => {
    expect([firstHost(cidr('10.0.0.2/31')), lastHost(cidr('10.0.0.2/31'))]).toEqual([0x0a000002, 0x0a000003]);
    expect([firstHost(cidr('10.0.0.2')), lastHost(cidr('10.0.0.2'))]).toEqual([0x0a000002, 0x0a000002]);
  });

  test('covers the whole space with /0', () => {
    expect(cidr('200.1.2.3/0')).toMatchObject({ network: 0, broadcast: 0xffffffff });
  });

  test.each(['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/-1', '10.0.0.0/08', '10.0.0.0/8/8', '/8', '10.0.0/8'])(
    'refuses %p',
    (text) => {
      expect(parseCidr(text)).toBeUndefined();
    },
  );
});

test('two networks overlap exactly when one contains the network address of the other', () => {
  const network = fc.tuple(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 0, max: 32 }));
  fc.assert(
    fc.property(network, network, ([a, aPrefix], [b, bPrefix]) => {
      const left = cidr(`${formatIpv4(a)}/${aPrefix}`);
      const right = cidr(`${formatIpv4(b)}/${bPrefix}`);
      const nested = cidrContains(left, right.network) || cidrContains(right, left.network);
      return cidrsOverlap(left, right) === nested && cidrsOverlap(right, left) === nested;
    }),
  );
  expect(cidrsOverlap(cidr('10.0.0.0/24'), cidr('10.0.1.0/24'))).toBe(false);
  expect(cidrsOverlap(cidr('10.0.0.0/23'), cidr('10.0.1.0/24'))).toBe(true);
});
