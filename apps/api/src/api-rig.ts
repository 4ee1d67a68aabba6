import { systemClock } from '@turnpike/core/clock.js';
import { ensureFirstOperator } from '@turnpike/features/operators/first-operator.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { TEST_KEY } from '@turnpike/testkit/access-rows.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { readApiConfig } from './config.js';
import { createApiContext, type ApiContext } from './context.js';

export const OWNER = { email: 'owner@example.net', password: 'a long enough password', name: 'Owner' };

export interface ApiAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The whole API as it runs in production, on stores of its own, with OWNER signed in and stepped up. */
export interface ApiRig {
  readonly postgres: TestDatabase;
  readonly durable: TestRedis;
  readonly api: ApiContext;
  /** Ends in /api/v1. */
  readonly base: string;
  /** Of OWNER. */
  readonly token: string;
  json(method: string, path: string, body?: unknown): Promise<ApiAnswer>;
  /** One more process of the cluster, on the same stores. */
  startAnother(): Promise<{ readonly base: string; stop(): Promise<void> }>;
  close(): Promise<void>;
}

export async function openApiRig(): Promise<ApiRig> {
  const [postgres, durable, cache] = await Promise.all([
    openTestDatabase(),
    openTestRedis('durable'),
    openTestRedis('cache'),
  ]);
  await postgres.database.transact((tx) => ensureFirstOperator(tx, OWNER));
  const createApi = () =>
    createApiContext({
      config: readApiConfig({
        DATABASE_URL: postgres.url,
        REDIS_DURABLE_URL: durable.url,
        REDIS_CACHE_URL: cache.url,
        ENCRYPTION_KEYS: TEST_KEY,
        TOKEN_PEPPER: 'p'.repeat(32),
        PORT: '0',
        SMS_CALLBACK_TOKEN: 'token-of-sms-callbacks',
      }),
      logger: createLogger({ level: 'silent', role: 'test', instance: '0' }),
      metrics: createMetrics({ role: 'test', instance: '0', processMetrics: false }),
      clock: systemClock,
      stopping: new AbortController().signal,
      prefix: durable.prefix,
      lameMs: 0,
    });
  const api = createApi();
  const base = `http://127.0.0.1:${(await api.start()).port}/api/v1`;
  const { body } = await send(base, { method: 'POST', path: '/auth/login', body: OWNER_LOGIN });
  const token = String(body['token']);
  await send(base, { method: 'POST', path: '/auth/step-up', body: { password: OWNER.password }, token });
  return {
    postgres,
    durable,
    api,
    base,
    token,
    json: (method, path, sent) => send(base, { method, path, body: sent, token }),
    startAnother: async () => {
      const another = createApi();
      return { base: `http://127.0.0.1:${(await another.start()).port}/api/v1`, stop: another.stop };
    },
    async close() {
      await api.stop();
      await Promise.all([postgres.drop(), durable.close(), cache.close()]);
    },
  };
}

const OWNER_LOGIN = { email: OWNER.email, password: OWNER.password };

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly token?: string;
}

async function send(base: string, { method, path, body, token }: Sent): Promise<ApiAnswer> {
  const response = await fetch(base + path, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const parsed: Record<string, unknown> = text === '' ? {} : JSON.parse(text);
  return { status: response.status, body: parsed };
}
