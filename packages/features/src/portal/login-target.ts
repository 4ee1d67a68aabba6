import { isIPv4 } from 'node:net';

export interface LoginTargetRules {
  /** Names under which the router that the phone is at serves its login page. */
  readonly dnsNames: readonly string[];
  /** Only where simulated routers live on this machine. */
  readonly allowLoopback: boolean;
}

/**
 * Where a phone may send what it logs in with: the page `/login` of a router in the phone's own network, that is on a
 * private address (RFC 1918, RFC 6598) or under the name that the operator gave the hotspot. Anybody can make up a link to
 * the portal; without this, one could send passwords to a stranger. undefined: not there.
 */
export function loginTarget(given: string | undefined, rules: LoginTargetRules): URL | undefined {
  if (given === undefined || !URL.canParse(given)) return undefined;
  const url = new URL(given);
  const fine =
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.username === '' &&
    url.password === '' &&
    url.pathname === '/login' &&
    (isPrivate(url.hostname) ||
      rules.dnsNames.includes(url.hostname) ||
      (rules.allowLoopback && url.hostname.startsWith('127.') && isIPv4(url.hostname)));
  if (!fine) return undefined;
  url.search = '';
  url.hash = '';
  return url;
}

function isPrivate(host: string): boolean {
  if (!isIPv4(host)) return false;
  const [first = 0, second = 0] = host.split('.').map(Number);
  return (
    first === 10 ||
    (first === 172 && second >= 16 && second <= 31) ||
    (first === 192 && second === 168) ||
    (first === 100 && second >= 64 && second <= 127)
  );
}
