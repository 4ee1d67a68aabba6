import { SecretBox } from '@turnpike/core/secret-box.js';
import { Secret } from '@turnpike/core/secret.js';
import { createApiRouter } from '@turnpike/runtime/http/api-router.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { openExpressApp, type ExpressApp } from '@turnpike/testkit/express-app.js';
import { createSteerableClock, type SteerableClock } from '@turnpike/testkit/steerable-clock.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { createIdempotencyStore } from '../idempotency/idempotency.store.js';
import { createAuthenticator } from './authenticator.js';
import { ensureFirstOperator } from './first-operator.js';
import { operatorBindings } from './operator-bindings.js';
import { createPasswordHasher } from './passwords.js';

export const OWNER = { email: 'owner@example.net', password: 'a long enough password', name: 'Owner' };
/** How long the authenticator's answers are reused, ms. */
export const REUSE_MS = 500;

/** An answer: its status, headers and JSON body, read field by field. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

export interface CallOptions {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface Login {
  readonly email: string;
  readonly password: string;
}

/** Operators and their HTTP side on stores of their own, OWNER being there; tests only. */
export interface OperatorsRig {
  readonly postgres: TestDatabase;
  readonly redis: TestRedis;
  readonly clock: SteerableClock;
  /** Counts the servers there were, for names that are used once. */
  readonly round: number;
  /** A server of its own for each test, with a clock and limits that know nothing of the test before. */
  renew(): Promise<void>;
  stopServer(): Promise<void>;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** A session that has stepped up. */
  signIn(login?: Login): Promise<string>;
  addOperator(token: string, role: string): Promise<Login & { readonly id: string }>;
  /** Lets what the authenticator remembers grow too old. */
  letCachesAge(): void;
  close(): Promise<void>;
}

export async function openOperatorsRig(options: { secureCookies?: boolean } = {}): Promise<OperatorsRig> {
  const [postgres, redis] = await Promise.all([openTestDatabase(), openTestRedis('durable')]);
  await postgres.database.transact((tx) => ensureFirstOperator(tx, OWNER));
  let round = 0;
  let clock = createSteerableClock(new Date());
  let server: ExpressApp | undefined;

  async function call(method: string, path: string, { token, body, headers }: CallOptions = {}): Promise<Answer> {
    const response = await fetch(`${server?.url ?? ''}/api/v1${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed: Record<string, unknown> = text === '' ? {} : JSON.parse(text);
    return { status: response.status, headers: response.headers, body: parsed };
  }

  async function stopServer(): Promise<void> {
    await server?.close();
    server = undefined;
  }

  return {
    postgres,
    redis,
    get clock() {
      return clock;
    },
    get round() {
      return round;
    },
    call,
    stopServer,
    renew: async () => {
      round += 1;
      clock = createSteerableClock(new Date());
      const prefix = `${redis.prefix}${round}:`;
      server = await openExpressApp();
      server.app.use('/api/v1', operatorsApi({ postgres, redis, clock, prefix, ...options }));
    },
    signIn: async ({ email, password } = OWNER) => {
      const { status, body } = await call('POST', '/auth/login', { body: { email, password } });
      expect({ status, body }).toMatchObject({ status: 200, body: { token: expect.any(String) } });
      const token = String(body['token']);
      expect((await call('POST', '/auth/step-up', { token, body: { password } })).status).toBe(200);
      return token;
    },
    addOperator: async (token, role) => {
      const login = { email: `${role}${Math.random()}@example.net`, password: 'another long password' };
      const { status, body } = await call('POST', '/operators', { token, body: { ...login, role, name: role } });
      expect(status).toBe(201);
      return { id: String(body['id']), ...login };
    },
    letCachesAge: () => clock.advance(REUSE_MS),
    close: async () => {
      await stopServer();
      await Promise.all([postgres.drop(), redis.close()]);
    },
  };
}

interface Parts {
  readonly postgres: TestDatabase;
  readonly redis: TestRedis;
  readonly clock: SteerableClock;
  readonly prefix: string;
  readonly secureCookies?: boolean;
}

function operatorsApi({ postgres, redis, clock, prefix, secureCookies = false }: Parts) {
  const { db, transact } = postgres.database;
  const secretBox = new SecretBox(['cd'.repeat(32)]);
  const { bindings } = operatorBindings({
    ...{ db, transact, counters: redis.redis, prefix, secretBox, clock },
    pepper: new Secret('pepper of the test'),
    hasher: createPasswordHasher({ atOnce: 2, waiting: 50 }),
    countLogin: () => undefined,
  });
  return createApiRouter({
    bindings,
    authenticate: createAuthenticator({ db, clock, reuseMs: REUSE_MS }),
    idempotency: createIdempotencyStore({ db, clock, secretBox }),
    secretBox,
    secureCookies,
    metrics: createMetrics({ role: 'test', instance: '0', processMetrics: false }),
    logger: createLogger({ level: 'silent', role: 'test', instance: '0' }),
    clock,
  });
}
