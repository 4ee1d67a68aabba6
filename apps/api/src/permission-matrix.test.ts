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

/** Who asks, and what token they carry. */
interface Caller {
  readonly name: string;
  readonly token: string | undefined;
  readonly role: Role | undefined;
  readonly scopes: readonly Permission[];
}

const strangers: Caller[] = [
  { name: 'nobody', token: undefined, role: undefined, scopes: [] },
  { name: 'somebody with an unknown token', token: 'tps_unknown', role: undefined, scopes: [] },
];

const tokens = new Map<string, Caller>();

function member(role: Role, scopes: readonly Permission[], name: string): Caller {
  const token = [role, ...scopes].join('.').replaceAll(':', '-');
  const caller = { name, token, role, scopes };
  tokens.set(token, caller);
  return caller;
}

/** Each role: signed in, with a token for just what the endpoint needs, and with one for everything but that. */
function membersFor({ allow }: Endpoint): Caller[] {
  const own = permissions.filter((permission) => permission === allow);
  const others = permissions.filter((permission) => permission !== allow);
  return roles.flatMap((role) => [
    member(role, [], role),
    member(role, others, `${role} with a token for everything else`),
    ...(own.length === 0 ? [] : [member(role, own, `${role} with a token for ${allow}`)]),
  ]);
}

/** The rule itself, written a second time: what the table in permissions.ts says of this caller. */
function expectedStatus({ allow, status }: Endpoint, caller: Caller): number {
  if (allow === 'public') return status;
  if (caller.role === undefined) return 401;
  if (allow === 'signed-in') return status;
  const inScope = caller.scopes.length === 0 || caller.scopes.includes(allow);
  return permissionsOfRole[caller.role].has(allow) && inScope ? status : 403;
}

let server: HttpServer;
let endpoints: Endpoint[];
let reached = 0;

/** Takes any input and does nothing: only who gets this far is of interest. */
function stub(target: Endpoint): RouteBinding {
  const prepare = () => {
    reached += 1;
    return { input: {}, run: async () => ({}) };
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
  const { role, scopes } = caller;
  return { id: token, name: token, role, scopes, tokenId: token, kind: scopes.length === 0 ? 'session' : 'api' };
}

beforeAll(async () => {
  endpoints = await contractEndpoints();
  const api = createApiRouter({
    bindings: endpoints.map(stub),
    authenticate,
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

  test.each<[Role, string, string, boolean]>([
    ['viewer', 'get', '/routers', true],
    ['viewer', 'post', '/routers', false],
    ['viewer', 'get', '/audit', false],
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
  ])('S2: what a %s may do with %s %s is as agreed: %p', async (role, method, path, may) => {
    const target = endpoints.find((each) => each.method === method && each.path === path);
    if (target === undefined) throw new Error(`no endpoint ${method} ${path}`);
    const status = await statusFor(target, { name: role, token: role, role, scopes: [] });
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
