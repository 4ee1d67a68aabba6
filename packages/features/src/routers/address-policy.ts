import { BlockList, isIP } from 'node:net';
import { lookup } from 'node:dns/promises';
import { AppError } from '@turnpike/core/app-error.js';

/**
 * Which addresses a router may have. The address comes from an operator, and we dial it from inside the network:
 * without a policy it would be a way to reach our own stores or a cloud provider's metadata service (SSRF).
 */
export interface AddressPolicy {
  /** True only where simulated routers live on this machine. */
  readonly allowLoopback: boolean;
  /** Ports of our own stores and services, never dialled on loopback. */
  readonly ownPorts: ReadonlySet<number>;
}

const NEVER = new BlockList();
NEVER.addSubnet('0.0.0.0', 8);
NEVER.addSubnet('169.254.0.0', 16);
NEVER.addSubnet('192.0.0.0', 24);
NEVER.addSubnet('224.0.0.0', 3);
NEVER.addAddress('::', 'ipv6');
NEVER.addSubnet('fe80::', 10, 'ipv6');
NEVER.addSubnet('ff00::', 8, 'ipv6');
NEVER.addSubnet('64:ff9b::', 96, 'ipv6');
NEVER.addSubnet('2002::', 16, 'ipv6');
NEVER.addAddress('fd00:ec2::254', 'ipv6');

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8);
LOOPBACK.addAddress('::1', 'ipv6');

/** Resolves once and gives the one IP address to connect to, so that a second answer of the name server cannot lead elsewhere. */
export async function resolveRouterAddress(host: string, port: number, policy: AddressPolicy): Promise<string> {
  const addresses = isIP(host) === 0 ? await resolve(host) : [host];
  for (const address of addresses) {
    if (!isDialable(address, port, policy)) {
      throw new AppError('router_not_allowed', `${host} is an address that routers may not have`, {
        issues: [{ path: 'address', message: 'loopback, link-local, multicast and reserved addresses are refused' }],
      });
    }
  }
  const [first] = addresses;
  if (first === undefined) throw new AppError('router_unreachable', `${host} has no address`);
  return first;
}

async function resolve(host: string): Promise<string[]> {
  // Decimal, octal and hexadecimal spellings of an IPv4 address are accepted by some resolvers: never a name of ours.
  if (/^(0x[0-9a-f]+|\d+)(\.(0x[0-9a-f]+|\d+))*\.?$/i.test(host)) {
    throw new AppError('router_not_allowed', `${host} is not a host name`, {
      issues: [{ path: 'address', message: 'write an IPv4 address as four decimal numbers' }],
    });
  }
  try {
    return (await lookup(host, { all: true })).map((found) => found.address);
  } catch (cause) {
    throw new AppError('router_unreachable', `${host} cannot be resolved to an address`, { cause });
  }
}

export function isDialable(address: string, port: number, policy: AddressPolicy): boolean {
  const plain = unmapped(address);
  const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(plain) === 0 || NEVER.check(plain, family)) return false;
  if (!LOOPBACK.check(plain, family)) return true;
  return policy.allowLoopback && !policy.ownPorts.has(port);
}

/** `::ffff:127.0.0.1` and `::ffff:7f00:1` mean 127.0.0.1. */
function unmapped(address: string): string {
  const dotted = /^::(?:ffff:)?(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address);
  if (dotted?.[1] !== undefined) return dotted[1];
  const hex = /^(?:0*:)*:?(?:0*:)*ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address);
  if (hex?.[1] === undefined || hex[2] === undefined) return address;
  const [high, low] = [parseInt(hex[1], 16), parseInt(hex[2], 16)];
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}
