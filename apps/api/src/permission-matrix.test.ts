import express from 'express';
import { z } from 'zod';
import { systemClock } from '@turnpike/core/clock.js';
import { SecretBox } from '@turnpike/core/secret-box.js';
import { endpoint, type Endpoint } from '@turnpike/contracts/endpoint.js';
import { permissions, permissionsOfRole, roles, type Permission, type Role } from '@turnpike/contracts/permissions.js';
import type { Actor } from '@turnpike/runtime/http/actor.js';
import { createApiRouter } from '@turnpike/runtime/http/api-router.js';
import type { RouteBinding } from '@turnpike/runtime/http/route.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { contractEndpoints } from '@turnpike/testkit/contract-endpoints.js';
import { startHttpServer, type HttpServer } from './http-server.js';

/** Where an operator may work: everywhere, at the site of the thing that is asked for, or at another one. */
type Reach = 'everywhere' | 'here' | 'elsewhere';
const reaches = ['everywhere', 'here', 'elsewhere'] as const;

/** Who asks, and what token they carry. */
interface Caller {
  readonly name: string;
  readonly token: string | undefined;
  readonly role: Role | undefined;
  readonly scopes: readonly Permission[];
  readonly reach: Reach;
  /** Has lately said once more who it is. */
  readonly steppedUp: boolean;
}

const nobody = { role: undefined, scopes: [], reach: 'everywhere', steppedUp: false } as const;
const strangers: Caller[] = [
  { ...nobody, name: 'nobody', token: undefined },
  { ...nobody, name: 'somebody with an unknown token', token: 'tps_unknown' },
];

const tokens = new Map<string, Caller>();

function member(role: Role, more: Partial<Omit<Caller, 'token' | 'role'>> = {}): Caller {
  const { scopes = [], reach = 'everywhere', steppedUp = true } = more;
  const token = [role, reach, steppedUp ? 'up' : 'down', ...scopes].join('.').replaceAll(':', '-');
  const caller = { name: `${role} of ${reach}`, ...more, token, role, scopes, reach, steppedUp };
  tokens.set(token, caller);
  return caller;
}

/** Each role: signed in, with a token for just what the endpoint needs, and with one for everything but that. */
function membersFor({ allow }: Endpoint): Caller[] {
  const own = permissions.filter((permission) => permission === allow);
  const others = permissions.filter((permission) => permission !== allow);
  return roles.flatMap((role) => [
    member(role),
    member(role, { scopes: others, name: `${role} with a token for everything else` }),
    ...(own.length === 0 ? [] : [member(role, { scopes: own, name: `${role} with a token for ${allow}` })]),
  ]);
}

/** Each role with each reach: as a session and as an API token that narrows nothing. */
function reachesFor(): Caller[] {
  return roles.flatMap((role) =>
    reaches.flatMap((reach) => [
      member(role, { reach }),
      member(role, { reach, scopes: permissions, name: `API token of a ${role} of ${reach}` }),
    ]),
  );
}

/** The rule itself, written a second time: what the table in permissions.ts says of this caller. */
function expectedStatus({ allow, status, scope, siteOf, stepUp }: Endpoint, caller: Caller): number {
  if (allow === 'public') return status;
  if (caller.role === undefined) return 401;
  const isSession = caller.scopes.length === 0;
  if (allow !== 'signed-in') {
    const inScope = isSession || caller.scopes.includes(allow);
    if (!permissionsOfRole[caller.role].has(allow) || !inScope) return 403;
    if (caller.reach !== 'everywhere' && scope === 'global') return 403;
  }
  if (stepUp && isSession && !caller.steppedUp) return 403;
  return caller.reach === 'elsewhere' && siteOf !== undefined ? 404 : status;
}

let server: HttpServer;
let endpoints: Endpoint[];
let reached = 0;

/** Takes any input and does nothing: only who gets this far is of interest. */
function stub(target: Endpoint): RouteBinding {
  const prepare = () => {
    return {
      input: {},
      run: async () => {
        reached += 1;
        return {};
      },
    };
  };
  if (!target.stream) return { kind: 'json', endpoint: target, prepare };
  return {
    kind: 'stream',
    endpoint: target,
    prepare: () => {
      reached += 1;
      return { input: {}, run: async ({ sse }) => sse.close() };
    },
  };
}

async function authenticate(token: string): Promise<Actor | undefined> {
  const caller = tokens.get(token);
  if (caller?.role === undefined) return undefined;
  const { role, scopes, reach, steppedUp } = caller;
  const kind = scopes.length === 0 ? 'session' : 'api';
  const sites = reach === 'everywhere' ? null : [reach];
  const stepUpUntil = steppedUp ? new Date(systemClock.now().getTime() + 600_000) : null;
  return { id: token, name: token, role, scopes, tokenId: token, kind, sites, stepUpUntil };
}

beforeAll(async () => {
  endpoints = await contractEndpoints();
  const api = createApiRouter({
    bindings: endpoints.map(stub),
    authenticate,
    belongsToSite: async (_subject, _id, sites) => sites.includes('here'),
    idempotency: {
      begin: async () => ({ kind: 'new' }),
      complete: async () => undefined,
      abandon: async () => undefined,
    },
    secretBox: new SecretBox(['ef'.repeat(32)]),
    metrics: createMetrics({ role: 'test', instance: '0', processMetrics: false }),
    logger: createLogger({ level: 'silent', role: 'test', instance: '0' }),
    clock: systemClock,
  });
  server = await startHttpServer(express().use('/api/v1', api), { host: '127.0.0.1', port: 0, lameMs: 0 });
});

afterAll(async () => {
  await server.stop(() => undefined);
});

async function statusFor(target: Endpoint, caller: Caller): Promise<number> {
  const path = target.path.replaceAll(/\{\w+\}/g, 'x');
  const response = await fetch(`http://127.0.0.1:${server.port}/api/v1${path}`, {
    method: target.method.toUpperCase(),
    headers: caller.token === undefined ? {} : { authorization: `Bearer ${caller.token}` },
  });
  await response.arrayBuffer();
  return response.status;
}

/** A batch at a time: thousands of requests at once would only measure the socket table. */
async function verdicts(
  callersFor: (target: Endpoint) => readonly Caller[],
): Promise<{ wrong: string[]; asked: number; allowed: number }> {
  const cells = endpoints.flatMap((target) => callersFor(target).map((caller) => ({ target, caller })));
  const wrong: string[] = [];
  let allowed = 0;
  for (let at = 0; at < cells.length; at += 50) {
    await Promise.all(
      cells.slice(at, at + 50).map(async ({ target, caller }) => {
        const expected = expectedStatus(target, caller);
        const status = await statusFor(target, caller);
        if (expected === target.status) allowed += 1;
        if (status !== expected) {
          wrong.push(`${caller.name}: ${target.method} ${target.path} gave ${status}, not ${expected}`);
        }
      }),
    );
  }
  return { wrong, asked: cells.length, allowed };
}

describe('permission matrix', () => {
  test('covers the endpoints of all contract files', () => {
    const paths = endpoints.map((each) => `${each.method} ${each.path}`);
    expect(new Set(paths).size).toBe(paths.length);
    for (const known of [
      'post /auth/login',
      'get /routers',
      'get /events',
      'get /queues',
      'post /sessions/{id}/disconnect',
    ]) {
      expect(paths).toContain(known);
    }
  });

  test('S2: without a valid token only what is public answers', async () => {
    reached = 0;
    const { wrong, allowed } = await verdicts(() => strangers);
    expect(wrong).toEqual([]);
    expect(reached).toBe(allowed);
    expect(allowed).toBe(endpoints.filter((each) => each.allow === 'public').length * strangers.length);
  });

  test('S2: every endpoint, role and scoped token: exactly what the table says, and a refusal comes before parsing', async () => {
    reached = 0;
    const { wrong, asked, allowed } = await verdicts(membersFor);
    expect(wrong).toEqual([]);
    expect(reached).toBe(allowed);
    expect(asked).toBeGreaterThan(endpoints.length * roles.length * 2);
  });

  test('S2: every endpoint, role and site scope: nothing of another site, and nothing of the whole network to who has sites', async () => {
    reached = 0;
    const { wrong, asked, allowed } = await verdicts(reachesFor);
    expect(wrong).toEqual([]);
    expect(reached).toBe(allowed);
    expect(asked).toBe(endpoints.length * roles.length * reaches.length * 2);
  });

  test('S1: every endpoint that asks who it is once more refuses a session that has not said so, and no API token', async () => {
    const { wrong, allowed } = await verdicts(() => roles.map((role) => member(role, { steppedUp: false })));
    expect(wrong).toEqual([]);
    expect(allowed).toBeGreaterThan(endpoints.length);
    const asking = endpoints.filter((each) => each.stepUp).map((each) => `${each.method} ${each.path}`);
    expect(asking.sort()).toMatchInlineSnapshot(`
     [
       "delete /me/two-factor",
       "delete /routers/{id}",
       "delete /settings/mail",
       "delete /settings/mpesa",
       "delete /settings/sms",
       "get /customers/{id}/export",
       "patch /operators/{id}",
       "patch /settings/mail",
       "patch /settings/mpesa",
       "patch /settings/sms",
       "post /agents/{id}/wallet-adjustments",
       "post /api-tokens",
       "post /customers/{id}/erase",
       "post /customers/{id}/wallet-adjustments",
       "post /me/two-factor",
       "post /operators",
       "post /operators/{id}/two-factor/reset",
       "post /payments/manual",
       "post /payments/{id}/refund",
       "post /payments/{id}/resolve",
       "post /routers/{id}/rotate-radius-secret",
       "post /settings/mpesa/check",
     ]
    `);
  });

  test('S2: an endpoint for sites names what its path is about, and only such an endpoint does', () => {
    const vague = endpoints.filter(
      (each) => each.scope === 'site' && each.path.includes('{') && each.siteOf === undefined,
    );
    expect(vague.map((each) => `${each.method} ${each.path}`)).toEqual(['delete /api-tokens/{id}']);
    const idle = endpoints.filter(
      (each) => each.siteOf !== undefined && (each.scope === 'global' || !each.path.includes('{id}')),
    );
    expect(idle).toEqual([]);
  });

  test('S2: what lists things of sites without naming one is known here, and tested in site-scope.test.ts', () => {
    const lists = endpoints.filter((each) => each.scope === 'site' && each.siteOf === undefined);
    expect(lists.map((each) => `${each.method} ${each.path}`).sort()).toMatchInlineSnapshot(`
     [
       "delete /api-tokens/{id}",
       "get /alerts",
       "get /alerts/summary",
       "get /api-tokens",
       "get /dashboard/stats",
       "get /events",
       "get /lookup/ip",
       "get /packages",
       "get /routers",
       "get /search",
       "get /sessions",
       "get /sessions/history",
       "post /api-tokens",
       "post /routers",
       "post /routers/bulk",
     ]
    `);
  });

  test.each<[Role, string, string, boolean]>([
    ['viewer', 'get', '/routers', true],
    ['viewer', 'post', '/routers', false],
    ['viewer', 'get', '/audit', false],
    ['viewer', 'get', '/alerts', true],
    ['viewer', 'post', '/alerts/{id}/acknowledge', false],
    ['support', 'post', '/alerts/{id}/acknowledge', true],
    ['agent', 'get', '/alerts', false],
    ['support', 'post', '/customers/{id}/grants', true],
    ['support', 'post', '/sessions/{id}/disconnect', true],
    ['support', 'post', '/routers/{id}/deploy-service-config', false],
    ['viewer', 'get', '/voucher-batches', false],
    ['support', 'get', '/voucher-batches', true],
    ['support', 'post', '/voucher-batches', false],
    ['admin', 'post', '/voucher-batches', true],
    ['owner', 'post', '/voucher-batches/{id}/revoke', true],
    ['admin', 'post', '/routers/{id}/deploy-service-config', true],
    ['admin', 'post', '/operators', false],
    ['owner', 'post', '/operators', true],
    ['agent', 'post', '/agent/voucher-sales', true],
    ['agent', 'get', '/agents', false],
    ['agent', 'get', '/packages', false],
    ['support', 'get', '/customers/{id}/wallet', false],
    ['support', 'post', '/agent/voucher-sales', false],
    ['admin', 'post', '/customers/{id}/wallet-adjustments', true],
    ['admin', 'post', '/agents/{id}/top-ups', true],
    ['finance', 'post', '/payments/{id}/refund', true],
    ['finance', 'get', '/audit', true],
    ['finance', 'get', '/customers', true],
    ['finance', 'post', '/customers', false],
    ['finance', 'post', '/agents', true],
    ['finance', 'get', '/voucher-batches', true],
    ['finance', 'post', '/voucher-batches', false],
    ['finance', 'post', '/routers', false],
    ['finance', 'post', '/sessions/{id}/disconnect', false],
    ['finance', 'get', '/operators', false],
    ['finance', 'post', '/api-tokens', false],
  ])('S2: what a %s may do with %s %s is as agreed: %p', async (role, method, path, may) => {
    const target = endpoints.find((each) => each.method === method && each.path === path);
    if (target === undefined) throw new Error(`no endpoint ${method} ${path}`);
    const status = await statusFor(target, member(role));
    expect(status).toBe(may ? target.status : 403);
  });

  test('S2: few endpoints are public, each of them known here', () => {
    const open = endpoints.filter((each) => each.allow === 'public').map((each) => `${each.method} ${each.path}`);
    expect(open.sort()).toMatchInlineSnapshot(`
     [
       "get /health/live",
       "get /health/ready",
       "get /portal/packages",
       "get /portal/purchases/{reference}",
       "get /portal/session",
       "post /auth/login",
       "post /bootstrap/{token}",
       "post /notifications/sms-opt-out/{token}",
       "post /payments/mpesa/callback/{token}",
       "post /payments/mpesa/confirmation/{token}",
       "post /payments/mpesa/validation/{token}",
       "post /payments/paybill/confirmation/{token}",
       "post /payments/paybill/validation/{token}",
       "post /portal/login",
       "post /portal/purchases",
       "post /portal/vouchers/redeem",
     ]
    `);
  });

  test('G20: an endpoint without a rule, or with an unknown one, does not compile', () => {
    const rest = { method: 'get', path: '/x', tag: 'x', summary: 'x', response: z.null() } as const;
    // @ts-expect-error who may call it is not said
    const without = endpoint(rest);
    // @ts-expect-error there is no such permission
    const unknown = endpoint({ ...rest, allow: 'everything' });
    expect([without.allow, unknown.allow]).toEqual([undefined, 'everything']);
  });
});
