import { AppError } from '@turnpike/core/app-error.js';
import { isDialable, resolveRouterAddress, type AddressPolicy } from './address-policy.js';

const strict: AddressPolicy = { allowLoopback: false, ownPorts: new Set() };
const withSimulator: AddressPolicy = { allowLoopback: true, ownPorts: new Set([5432, 6379]) };

const forbidden = [
  ...['127.0.0.1', '127.1.2.3', '0.0.0.0', '0.1.2.3', '169.254.169.254', '169.254.0.1', '192.0.0.192', '224.0.0.1'],
  ...['239.255.255.250', '240.0.0.1', '255.255.255.255', '::', '::1', '0:0:0:0:0:0:0:1', 'fe80::1', 'ff02::1'],
  ...['fd00:ec2::254', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:169.254.169.254', '::ffff:a9fe:a9fe'],
  ...['0:0:0:0:0:ffff:7f00:1', '::127.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::', '::ffff:0:0', '::ffff:0.0.0.0'],
];
const names = [
  ...['2130706433', '0x7f000001', '0x7f.0.0.1', '0177.0.0.1', '127.1', '127.0.1', '0', '0x0', '017700000001'],
  ...['2852039166', '0xa9fea9fe', '0xa9.0xfe.0xa9.0xfe', '127.0.0.1.', '010.0.0.1', '1.0x1', '0x7F.1', '3232235777'],
];

describe('P5: addresses that a router may not have', () => {
  test.each(forbidden)('%s is never dialled', async (address) => {
    expect(isDialable(address, 8728, strict)).toBe(false);
    await expect(resolveRouterAddress(address, 8728, strict)).rejects.toMatchObject({ code: 'router_not_allowed' });
  });

  test.each(names)('%s is not taken for a host name', async (host) => {
    await expect(resolveRouterAddress(host, 8728, strict)).rejects.toBeInstanceOf(AppError);
  });

  test('a name that resolves to loopback is refused', async () => {
    await expect(resolveRouterAddress('localhost', 8728, strict)).rejects.toMatchObject({ code: 'router_not_allowed' });
  });

  test.each(['10.0.0.1', '192.168.88.1', '172.16.3.4', '100.64.0.1', '41.90.1.1', '2001:db8::1', 'fd12:3456::1'])(
    '%s may be a router',
    (address) => expect(isDialable(address, 8728, strict)).toBe(true),
  );

  test('simulated routers on loopback may be dialled, our own stores there may not', () => {
    expect(isDialable('127.0.0.1', 18728, withSimulator)).toBe(true);
    expect(isDialable('127.0.0.1', 5432, withSimulator)).toBe(false);
    expect(isDialable('::ffff:127.0.0.1', 6379, withSimulator)).toBe(false);
    expect(isDialable('169.254.169.254', 8728, withSimulator)).toBe(false);
  });
});
