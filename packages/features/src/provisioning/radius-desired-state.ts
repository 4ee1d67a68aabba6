import { formatDuration } from '@turnpike/routeros/values.js';
import { settings, tagged, type DesiredObject, type NasIdentity, type RadiusSettings } from './desired-object.js';
import { CORE, tagOf } from './ownership.js';

export interface RadiusFacts {
  /** Addresses on the router's interfaces. */
  readonly ownAddresses: readonly string[];
}

/** `services`: RouterOS words, `hotspot` and `ppp`. */
export function radiusObjects(
  services: readonly string[],
  radius: RadiusSettings,
  nas: NasIdentity,
  facts: RadiusFacts,
): DesiredObject[] {
  const server = tagged('/radius', tagOf(CORE, 'radius'), {
    service: [...services].sort().join(','),
    address: radius.address,
    'authentication-port': String(radius.authPort),
    'accounting-port': String(radius.acctPort),
    timeout: '3s',
    'src-address': sourceAddress(nas, facts),
    'require-message-auth': 'yes-for-request-resp',
    disabled: 'no',
  });
  return [
    { ...server, secret: { property: 'secret', value: nas.secret, fingerprint: nas.secretFingerprint } },
    settings('/radius/incoming', { accept: 'yes', port: String(radius.coaPort) }),
    ...(nas.identifier === null ? [] : [settings('/system/identity', { name: nas.identifier })]),
  ];
}

/** PPP asks RADIUS only when this switch is on; local secrets still come first. */
export function pppAaa(radius: RadiusSettings): DesiredObject {
  return settings('/ppp/aaa', {
    'use-radius': 'yes',
    accounting: 'yes',
    'interim-update': formatDuration(radius.interimSeconds * 1_000),
  });
}

/** A router behind NAT is known by an address that it does not have: it could not send from there. */
function sourceAddress(nas: NasIdentity, facts: RadiusFacts): string {
  return nas.address !== null && facts.ownAddresses.includes(nas.address) ? nas.address : '0.0.0.0';
}
