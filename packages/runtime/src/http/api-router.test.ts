import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import express from 'express';
import { z } from 'zod';
import { AppError } from '@turnpike/core/app-error.js';
import { systemClock } from '@turnpike/core/clock.js';
import { SecretBox } from '@turnpike/core/secret-box.js';
import { idParams, problem as problemSchema } from '@turnpike/contracts/common.js';
import { endpoint } from '@turnpike/contracts/endpoint.js';
import { createLogger } from '../logger.js';
import { createMetrics, type Metrics } from '../metrics.js';
import type { Actor } from './actor.js';
import { createApiRouter } from './api-router.js';
import type { IdempotencyStore } from './idempotency.js';
import { publicRoute, route, streamRoute, type RouteBinding } from './route.js';

const ID = '0193a5b0-0000-7000-8000-000000000001';
const everywhere = { sites: null, stepUpUntil: null };
const actors: Record<string, Actor> = {
  admin: { id: 'a1', name: 'Ada', role: 'admin', scopes: [], tokenId: 't1', kind: 'session', ...everywhere },
  viewer: { id: 'v1', name: 'Vic', role: 'viewer', scopes: [], tokenId: 't2', kind: 'session', ...everywhere },
  scoped: {
    id: 's1',
    name: 'Sam',
    role: 'admin',
    scopes: ['packages:read'],
    tokenId: 't3',
    kind: 'api',
    ...everywhere,
  },
};

const getThing = endpoint({
  method: 'get',
  path: '/things/{id}',
  tag: 'things',
  summary: 'One',
  allow: 'packages:read',
  params: idParams,
  query: z.strictObject({ limit: z.coerce.number().int().max(200).default(50) }),
  response: z.object({ id: z.string(), limit: z.number(), actor: z.string() }),
});
const latestThing = endpoint({
  method: 'get',
  path: '/things/latest',
  tag: 'things',
  summary: 'Latest',
  allow: 'signed-in',
  response: z.object({ latest: z.boolean() }),
});
const createThing = endpoint({
  method: 'post',
  path: '/things',
  tag: 'things',
  summary: 'Make',
  allow: 'packages:write',
  body: z.strictObject({ name: z.string(), nested: z.strictObject({ size: z.number() }).optional() }),
  status: 201,
  response: z.object({ id: z.number(), name: z.string(), token: z.string() }),
});
const deleteThing = endpoint({
  method: 'delete',
  path: '/things/{id}',
  tag: 'things',
  summary: 'Remove',
  allow: 'packages:write',
  params: idParams,
  status: 204,
  response: z.null(),
});
const hello = endpoint({
  method: 'get',
  path: '/hello',
  tag: 'things',
  summary: 'Hello',
  allow: 'public',
  response: z.object({ ip: z.string() }),
});
const makeList = endpoint({
  method: 'post',
  path: '/lists',
  tag: 'things',
  summary: 'Make a list',
  allow: 'packages:write',
  body: z.strictObject({ words: z.array(z.string()) }),
  status: 201,
  files: ['text/csv'],
  response: z.object({ words: z.array(z.string()) }),
});
const fail = endpoint({
  method: 'post',
  path: '/fail',
  tag: 'things',
  summary: 'Fail',
  allow: 'signed-in',
  body: z.strictObject({ how: z.enum(['bug', 'redis', 'conflict', 'limit', 'database']) }),
  response: z.null(),
});
const events = endpoint({
  method: 'get',
  path: '/events',
  tag: 'things',
  summary: 'Events',
  allow: 'dashboard:read',
  response: z.object({ n: z.number() }),
  stream: true,
});

function memoryIdempotency() {
  const rows = new Map<string, { hash: string; status?: number; body?: unknown }>();
  const at = (actorId: string, key: string) => `${actorId} ${key}`;
  const store: IdempotencyStore = {
    begin: async (actorId, key, hash) => {
      const row = rows.get(at(actorId, key));
      if (row === undefined) {
        rows.set(at(actorId, key), { hash });
        return { kind: 'new' };
      }
      if (row.hash !== hash) return { kind: 'mismatch' };
      return row.status === undefined
        ? { kind: 'in_progress' }
        : { kind: 'replay', status: row.status, body: row.body };
    },
    complete: async (actorId, key, status, body) => {
      rows.set(at(actorId, key), { hash: rows.get(at(actorId, key))?.hash ?? '', status, body });
    },
    abandon: async (actorId, key) => {
      rows.delete(at(actorId, key));
    },
  };
  return { store, rows };
}

class DatabaseAway extends Error {}

async function* piecesOf(words: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const word of words) {
    if (word === 'broken') throw new Error('this word cannot be written');
    yield Buffer.from(`${word}\n`);
  }
}

describe('the API router', () => {
  const idempotency = memoryIdempotency();
  const revoked = new Set<string>();
  const moved = new Map<string, Actor>();
  const stopping = new AbortController();
  const logged: string[] = [];
  let gate: Promise<void> | undefined;
  let made = 0;
  let failures = 0;
  let metrics: Metrics;
  let server: Server;
  let base = '';

  const bindings: RouteBinding[] = [
    route(getThing, async ({ params, query, actor }) => ({ id: params.id, limit: query.limit, actor: actor.name })),
    route(latestThing, async () => ({ latest: true })),
    route(createThing, async ({ body }) => {
      await gate;
      made += 1;
      return { id: made, name: body.name, token: 'shown-once-9f3' };
    }),
    route(deleteThing, async () => undefined),
    route(
      makeList,
      async ({ body }) => {
        made += 1;
        return body;
      },
      async ({ words }, { accept }) =>
        accept === 'text/csv'
          ? { contentType: 'text/csv', fileName: 'my "list".csv', content: piecesOf(words) }
          : undefined,
    ),
    publicRoute(hello, async ({ ip }) => ({ ip })),
    route(fail, async ({ body }) => {
      failures += 1;
      if (body.how === 'redis') throw new Error('Command timed out');
      if (body.how === 'database') throw new DatabaseAway();
      if (body.how === 'conflict') throw new AppError('conflict', 'Somebody was faster.');
      if (body.how === 'limit') throw new AppError('rate_limited', 'Slow down.', { extra: { retryAfterSeconds: 7 } });
      throw new Error('password of the database is hunter2');
    }),
    streamRoute(events, async ({ sse }) => {
      sse.push({ n: 1 }, 'number');
    }),
  ];

  beforeAll(async () => {
    metrics = createMetrics({ role: 'api', instance: 'test', processMetrics: false });
    const app = express();
    app.use(
      '/api/v1',
      createApiRouter({
        bindings,
        authenticate: async (token) => (revoked.has(token) ? undefined : (moved.get(token) ?? actors[token])),
        idempotency: idempotency.store,
        secretBox: new SecretBox(['11'.repeat(32)]),
        metrics,
        logger: createLogger({
          level: 'warn',
          role: 'api',
          instance: 'test',
          destination: { write: (line) => void logged.push(line) },
        }),
        clock: systemClock,
        streamRecheckMs: 20,
        stopping: stopping.signal,
        isUnavailable: (error) => error instanceof DatabaseAway,
      }),
    );
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    base = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}/api/v1` : '';
  });

  afterAll(async () => {
    stopping.abort();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  interface Call {
    method?: string;
    token?: string;
    body?: unknown;
    text?: string;
    headers?: Record<string, string>;
  }

  async function call(path: string, { method = 'GET', token, body, text, headers = {} }: Call = {}) {
    const content = text ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(content === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(content === undefined ? {} : { body: content }),
    });
    const answer = await response.text();
    const json: unknown = answer === '' ? null : JSON.parse(answer);
    return {
      status: response.status,
      headers: response.headers,
      json,
      get problem() {
        return problemSchema.parse(json);
      },
    };
  }

  test('gives the handler parsed params, query and actor', async () => {
    const { status, json, headers } = await call(`/things/${ID}?limit=7`, { token: 'admin' });
    expect(status).toBe(200);
    expect(json).toEqual({ id: ID, limit: 7, actor: 'Ada' });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('takes a fixed path before a path with a parameter, whatever their order', async () => {
    expect((await call('/things/latest', { token: 'admin' })).json).toEqual({ latest: true });
  });

  test('answers 401 without a token, with an unknown one, and with one in the URL', async () => {
    for (const { status, problem, headers } of [
      await call(`/things/${ID}`),
      await call(`/things/${ID}`, { token: 'nobody' }),
      await call(`/things/${ID}?token=admin&access_token=admin`),
    ]) {
      expect(status).toBe(401);
      expect(problem.code).toBe('unauthenticated');
      expect(headers.get('www-authenticate')).toBe('Bearer');
      expect(headers.get('content-type')).toBe('application/problem+json');
    }
  });

  test('checks the permission before it reads the body', async () => {
    const refused = await call('/things', { method: 'POST', token: 'viewer', text: '{not json' });
    expect(refused.status).toBe(403);
    expect(refused.problem.detail).toContain('packages:write');
    expect((await call('/things', { method: 'POST', token: 'scoped', body: { name: 'x' } })).status).toBe(403);
    expect((await call(`/things/${ID}`, { token: 'scoped' })).status).toBe(200);
  });

  test('a public endpoint knows the socket, not the forwarding headers', async () => {
    const { json } = await call('/hello', { headers: { 'x-forwarded-for': '9.9.9.9' } });
    expect(json).toEqual({ ip: '127.0.0.1' });
  });

  test('refuses unknown and wrong fields and names every one', async () => {
    const { status, problem } = await call('/things', {
      method: 'POST',
      token: 'admin',
      body: { nested: { size: 'big', colour: 1 }, role: 'owner' },
    });
    expect(status).toBe(400);
    expect(problem.code).toBe('validation_failed');
    expect(problem.issues?.map((issue) => issue.path).sort()).toEqual(['name', 'nested.colour', 'nested.size', 'role']);
    expect(problem.issues).toContainEqual({ path: 'role', message: 'unknown field', code: 'unknown_field' });
    const elsewhere = await call('/things/not-an-id?limit=999&color=red', { token: 'admin' });
    expect(elsewhere.problem.issues?.map((issue) => issue.path).sort()).toEqual([
      'params.id',
      'query.color',
      'query.limit',
    ]);
  });

  test('says where malformed JSON goes wrong and does not repeat it', async () => {
    const { status, problem } = await call('/things', { method: 'POST', token: 'admin', text: '{\n "name": s3cret }' });
    expect(status).toBe(400);
    expect(problem.detail).toMatch(/not valid JSON.*line 2/);
    expect(JSON.stringify(problem)).not.toContain('s3cret');
    const cut = await call('/things', { method: 'POST', token: 'admin', text: '{"name": "x"' });
    expect(cut.problem.detail).toContain('line 1, column 13');
  });

  test.each(['[]', '"text"', 'null', '7'])('refuses the body %s, which is no object', async (text) => {
    const { status, problem } = await call('/things', { method: 'POST', token: 'admin', text });
    expect(status).toBe(400);
    expect(problem.detail).toContain('must be a JSON object');
  });

  test('S7: a field named __proto__ is refused at any depth and changes no prototype', async () => {
    for (const text of ['{"name":"x","__proto__":{"admin":true}}', '{"name":"x","nested":{"\\u005f_proto__":{}}}']) {
      const { status, problem } = await call('/things', { method: 'POST', token: 'admin', text });
      expect(status).toBe(400);
      expect(problem.detail).toContain('__proto__: unknown field');
    }
    const sent = await call('/things', {
      method: 'POST',
      token: 'admin',
      text: '{"name":"x","constructor":{"prototype":{}}}',
    });
    expect(sent.problem.issues).toEqual([{ path: 'constructor', message: 'unknown field', code: 'unknown_field' }]);
    expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false);
  });

  test('S7: refuses a body over 64 KB, one nested too deep, and anything but JSON', async () => {
    const large = await call('/things', { method: 'POST', token: 'admin', body: { name: 'x'.repeat(66_000) } });
    expect([large.status, large.problem.code]).toEqual([413, 'payload_too_large']);
    const deep = await call('/things', {
      method: 'POST',
      token: 'admin',
      text: `{"name":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
    });
    expect([deep.status, deep.problem.detail]).toEqual([400, 'body: is nested deeper than 32 levels']);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-16']) {
      const headers = { 'content-type': type };
      const { status } = await call('/things', { method: 'POST', token: 'admin', text: '{"name":"x"}', headers });
      expect(status).toBe(415);
    }
    const headers = { 'content-encoding': 'gzip' };
    expect((await call('/things', { method: 'POST', token: 'admin', text: '{}', headers })).status).toBe(415);
  });

  test('answers 404 for unknown paths, 405 with Allow for other methods, 204 to OPTIONS', async () => {
    const unknown = await call('/nothing-here', { token: 'admin' });
    expect([unknown.status, unknown.problem.code]).toEqual([404, 'not_found']);
    const wrong = await call(`/things/${ID}`, { method: 'PUT', token: 'admin' });
    expect([wrong.status, wrong.problem.code]).toEqual([405, 'method_not_allowed']);
    expect(wrong.headers.get('allow')?.split(', ').sort()).toEqual(['DELETE', 'GET', 'HEAD', 'OPTIONS']);
    expect((await call('/things', { method: 'OPTIONS' })).status).toBe(204);
    expect((await call('/things/%E0%A4%A')).status).toBe(400);
  });

  test('answers 204 without a body when the endpoint has none', async () => {
    const { status, json } = await call(`/things/${ID}`, { method: 'DELETE', token: 'admin' });
    expect([status, json]).toEqual([204, null]);
  });

  test('tells nothing about an unforeseen error but logs it with the request id', async () => {
    const { status, problem } = await call('/fail', {
      method: 'POST',
      token: 'admin',
      body: { how: 'bug' },
      headers: { 'x-request-id': 'caller-chose-this' },
    });
    expect(status).toBe(500);
    expect(problem.requestId).toBe('caller-chose-this');
    expect(JSON.stringify(problem)).not.toContain('hunter2');
    expect(logged.some((line) => line.includes('caller-chose-this') && line.includes('api-router.test'))).toBe(true);
  });

  test.each(['redis', 'database'])('answers 503 with Retry-After when the %s is away', async (how) => {
    const { status, problem, headers } = await call('/fail', { method: 'POST', token: 'admin', body: { how } });
    expect([status, problem.code, headers.get('retry-after')]).toEqual([503, 'unavailable', '2']);
  });

  test('a limit says when to try again', async () => {
    const { status, headers } = await call('/fail', { method: 'POST', token: 'admin', body: { how: 'limit' } });
    expect([status, headers.get('retry-after')]).toEqual([429, '7']);
  });

  test('repeats the first answer for the same Idempotency-Key, with its secret, which is stored encrypted', async () => {
    const request: Call = {
      method: 'POST',
      token: 'admin',
      body: { name: 'once' },
      headers: { 'idempotency-key': 'k-1' },
    };
    const before = made;
    const first = await call('/things', request);
    const second = await call('/things', request);
    expect(made).toBe(before + 1);
    expect(second.json).toEqual(first.json);
    expect([second.status, second.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(JSON.stringify([...idempotency.rows])).not.toContain('shown-once');
  });

  test('the same key of another actor or for another request is not the same', async () => {
    const headers = { 'idempotency-key': 'k-2' };
    await call('/things', { method: 'POST', token: 'admin', body: { name: 'one' }, headers });
    const other = await call('/things', { method: 'POST', token: 'admin', body: { name: 'two' }, headers });
    expect([other.status, other.problem.code]).toEqual([422, 'idempotency_key_reused']);
    const elsewhere = await call(`/things/${ID}`, { method: 'DELETE', token: 'admin', headers });
    expect(elsewhere.status).toBe(422);
    const viewer = await call('/fail', { method: 'POST', token: 'viewer', body: { how: 'conflict' }, headers });
    expect(viewer.status).toBe(409);
  });

  test('answers 409 while the first request with the key still runs', async () => {
    let open = (): void => undefined;
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const request: Call = {
      method: 'POST',
      token: 'admin',
      body: { name: 'slow' },
      headers: { 'idempotency-key': 'k-3' },
    };
    const first = call('/things', request);
    const second = call('/things', request);
    // Whichever came second is refused while the other is still held at the gate.
    const refused = await Promise.race([first, second]);
    expect([refused.status, refused.problem.code]).toEqual([409, 'idempotency_in_progress']);
    open();
    gate = undefined;
    expect([(await first).status, (await second).status].sort()).toEqual([201, 409]);
    const third = await call('/things', request);
    expect([third.status, third.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
  });

  test('keeps refusals but neither 5xx nor limits', async () => {
    for (const [how, runs, status] of [
      ['conflict', 1, 409],
      ['bug', 2, 500],
      ['limit', 2, 429],
    ] as const) {
      const request: Call = {
        method: 'POST',
        token: 'admin',
        body: { how },
        headers: { 'idempotency-key': `k-${how}` },
      };
      failures = 0;
      const [first, second] = [await call('/fail', request), await call('/fail', request)];
      expect([how, failures, first.status, second.status]).toEqual([how, runs, status, status]);
      expect(second.headers.get('content-type')).toBe('application/problem+json');
    }
  });

  describe('an answer as a file', () => {
    const asked = (words: string[], headers: Record<string, string>) =>
      fetch(`${base}/lists`, {
        method: 'POST',
        headers: { authorization: 'Bearer admin', 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ words }),
      });

    test('is sent with its type and a safe name to who asks for it, as JSON to others', async () => {
      const file = await asked(['a', 'b'], { accept: 'text/csv' });
      expect([file.status, file.headers.get('content-type'), await file.text()]).toEqual([201, 'text/csv', 'a\nb\n']);
      expect(file.headers.get('content-disposition')).toBe('attachment; filename="my__list_.csv"');
      expect(await (await asked(['a'], { accept: '*/*' })).json()).toEqual({ words: ['a'] });
    });

    test('is made anew for a repeated Idempotency-Key, also in the other form, without doing the work again', async () => {
      const before = made;
      const headers = { 'idempotency-key': 'list-1' };
      expect(await (await asked(['x'], { ...headers, accept: 'application/json' })).json()).toEqual({ words: ['x'] });
      const file = await asked(['x'], { ...headers, accept: 'text/csv' });
      expect([file.headers.get('idempotency-replayed'), await file.text()]).toEqual(['true', 'x\n']);
      expect(made).toBe(before + 1);
    });

    test('that cannot be finished breaks off, and is no whole file to anybody', async () => {
      const read = async () => (await asked(['a', 'broken', 'b'], { accept: 'text/csv' })).text();
      await expect(read()).rejects.toThrow();
      expect(logged.at(-1)).toContain('this word cannot be written');
    });
  });

  test('refuses an Idempotency-Key that is no token', async () => {
    const headers = { 'idempotency-key': 'x'.repeat(256) };
    expect((await call('/things', { method: 'POST', token: 'admin', body: { name: 'x' }, headers })).status).toBe(400);
  });

  test('streams events until the token is revoked', async () => {
    const response = await fetch(`${base}/events`, { headers: { authorization: 'Bearer viewer' } });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    revoked.add('viewer');
    const text = await response.text();
    revoked.delete('viewer');
    expect(text).toMatch(/event: ?number/);
    expect(text).toMatch(/data: ?\{"n":1\}/);
  });

  test('S2: a stream ends when the sites of who reads it have changed', async () => {
    const response = await fetch(`${base}/events`, { headers: { authorization: 'Bearer viewer' } });
    const { viewer } = actors;
    if (viewer !== undefined) moved.set('viewer', { ...viewer, sites: ['North'] });
    expect(await response.text()).toMatch(/event: ?number/);
    moved.clear();
  });

  test('a stream needs its permission too', async () => {
    expect((await call('/events', { token: 'scoped' })).status).toBe(403);
  });

  test('counts requests by template and status, never by id', async () => {
    await call(`/things/${ID}`, { token: 'admin' });
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/turnpike_api_http_request_duration_seconds_count\{[^}]*route="\/things\/\{id\}"[^}]*\} \d+/);
    expect(text).not.toContain(ID);
  });

  test('a binding that contradicts its endpoint is refused when it is made', () => {
    expect(() => route(hello, async () => ({ ip: '' }))).toThrow('is public');
    expect(() => publicRoute(latestThing, async () => ({ latest: true }))).toThrow('is not public');
    expect(() => route(events, async () => ({ n: 1 }))).toThrow('is a stream');
  });
});
