import { systemClock } from '@turnpike/core/clock.js';
import { SecretBox } from '@turnpike/core/secret-box.js';
import type { Database } from '@turnpike/db/database.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { openRedis } from '@turnpike/runtime/redis.js';
import { TEST_KEY } from '@turnpike/testkit/access-rows.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { z } from 'zod';
import { environmentSettings, settingsEnvironment } from './environment-settings.js';
import { announceSettings, createSettingsReader, type SettingsReader } from './settings-reader.js';
import { createSettingsService, type SettingsService } from './settings.service.js';

/** What the environment of the tests has: M-Pesa and SMS by stand-ins, no mail. */
export const ENVIRONMENT = {
  DARAJA_URL: 'https://daraja.example.net',
  DARAJA_CONSUMER_KEY: 'canary-environment-key',
  DARAJA_CONSUMER_SECRET: 'canary-environment-secret',
  DARAJA_SHORTCODE: '600000',
  DARAJA_PASSKEY: 'canary-environment-passkey',
  SMS_API_KEY: 'canary-environment-sms',
  PORTAL_NAME: 'Environment WiFi',
};

export const BY = { actor: 'operator-1', requestId: 'request-1' };

/** Settings on stores of their own; tests only. */
export interface SettingsRig {
  readonly postgres: TestDatabase;
  readonly redis: TestRedis;
  readonly secretBox: SecretBox;
  /** Of the process that writes. */
  readonly reader: SettingsReader;
  readonly service: SettingsService;
  /** One of another process; `deaf`: hears nothing of Redis. */
  another(options?: { deaf?: boolean; db?: Database['db']; pollMs?: number }): SettingsReader;
  close(): Promise<void>;
}

export async function openSettingsRig(): Promise<SettingsRig> {
  const [postgres, redis] = await Promise.all([openTestDatabase(), openTestRedis('durable')]);
  const { db, transact } = postgres.database;
  const secretBox = new SecretBox([TEST_KEY]);
  const logger = createLogger({ level: 'silent', role: 'test', instance: 'test' });
  const environment = environmentSettings(z.object(settingsEnvironment).parse(ENVIRONMENT));
  const { prefix } = redis;
  const subscriber = openRedis({ url: redis.url, role: 'durable', use: 'subscriber', logger });
  const made: SettingsReader[] = [];
  const another: SettingsRig['another'] = ({ deaf = false, db: other = db, pollMs = 60_000 } = {}) => {
    const heard = deaf ? {} : { subscriber };
    const reader = createSettingsReader({ db: other, secretBox, environment, ...heard, prefix, logger, pollMs });
    made.push(reader);
    return reader;
  };
  const reader = another();
  const service = createSettingsService({
    db,
    transact,
    secretBox,
    environment,
    reader,
    announce: () => announceSettings(redis.redis, prefix),
    namesOf: async (ids) => new Map(ids.map((id) => [id, `Name of ${id}`])),
    publicUrl: 'https://wifi.example.net',
    allowLoopback: false,
    clock: systemClock,
  });
  return {
    postgres,
    redis,
    secretBox,
    reader,
    service,
    another,
    close: async () => {
      await Promise.all(made.map((each) => each.stop()));
      subscriber.disconnect();
      await Promise.all([postgres.drop(), redis.close()]);
    },
  };
}
