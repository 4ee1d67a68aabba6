import { z } from 'zod';
import { parseMacAddress, type MacAddress } from '@turnpike/core/mac-address.js';
import type { PortalKeys } from './portal-keys.js';
import { parseRouterChallenge, type RouterChallenge } from './router-octets.js';

/** What the router told of the phone that it sent to the portal. */
export interface PortalState {
  readonly mac: MacAddress | undefined;
  /** Id of the router. */
  readonly nas: string | undefined;
  /** Where the router takes logins, as it was given: look at `loginTarget` before anything is sent there. */
  readonly loginUrl: string | undefined;
  readonly chap: RouterChallenge | undefined;
}

export const NO_STATE: PortalState = { mac: undefined, nas: undefined, loginUrl: undefined, chap: undefined };

const kept = z.object({
  m: z.string().optional(),
  n: z.string().optional(),
  l: z.string().optional(),
  c: z.tuple([z.string(), z.string()]).optional(),
  /** Seconds since 1970. */
  t: z.number(),
});

const LONGEST_URL = 300;
const LONGEST_SIGNED = 2_000;
const LIFE_SECONDS = 86_400;

/** Variables of the query that only a router's page sends. */
export function isFromRouter(query: Readonly<Record<string, unknown>>): boolean {
  return ['mac', 'link-login-only', 'nas'].some((name) => name in query);
}

/** Anything that makes no sense is left out: the portal still sells without it. */
export function stateOfQuery(query: Readonly<Record<string, unknown>>): PortalState {
  const text = (name: string): string => {
    const value = query[name];
    return typeof value === 'string' ? value : '';
  };
  const loginUrl = text('link-login-only');
  return {
    mac: parseMacAddress(text('mac')),
    nas: z.uuid().safeParse(text('nas').toLowerCase()).data,
    loginUrl: loginUrl === '' || loginUrl.length > LONGEST_URL ? undefined : loginUrl,
    chap: parseRouterChallenge(text('chap-id'), text('chap-challenge')),
  };
}

/** The state as pages carry it. */
export function signState(keys: PortalKeys, state: PortalState, now: Date): string {
  const chap = state.chap;
  const plain: z.input<typeof kept> = {
    m: state.mac,
    n: state.nas,
    l: state.loginUrl,
    c: chap === undefined ? undefined : [chap.id.toString('base64url'), chap.challenge.toString('base64url')],
    t: Math.floor(now.getTime() / 1_000),
  };
  return keys.sign('state', Buffer.from(JSON.stringify(plain)).toString('base64url'));
}

/** undefined for what was not signed by us, or too long ago. */
export function openState(keys: PortalKeys, signed: string, now: Date): PortalState | undefined {
  const encoded = signed.length > LONGEST_SIGNED ? undefined : keys.verify('state', signed);
  if (encoded === undefined) return undefined;
  const plain = kept.parse(JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8')));
  if (now.getTime() / 1_000 - plain.t > LIFE_SECONDS) return undefined;
  const octets = (text: string): Buffer => Buffer.from(text, 'base64url');
  return {
    mac: parseMacAddress(plain.m ?? ''),
    nas: plain.n,
    loginUrl: plain.l,
    chap: plain.c === undefined ? undefined : { id: octets(plain.c[0]), challenge: octets(plain.c[1]) },
  };
}
