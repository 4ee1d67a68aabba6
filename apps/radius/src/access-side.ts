import { systemClock } from '@turnpike/core/clock.js';
import { SecretBox } from '@turnpike/core/secret-box.js';
import type { DatabaseOptions } from '@turnpike/db/pool.js';
import type { Sql } from '@turnpike/db/sql.js';
import { createAccessHandler } from '@turnpike/features/access/access.radius.js';
import { createAccessTrace } from '@turnpike/features/access/access-trace.js';
import type { Breaker } from '@turnpike/features/access/breaker.js';
import type { ClassTokens } from '@turnpike/features/access/class-token.js';
import { createCustomerPasswords } from '@turnpike/features/access/customer-passwords.js';
import { createDecisionLog, strangerHash } from '@turnpike/features/access/decision-log.js';
import { createDeviceLeases } from '@turnpike/features/access/device-lease.js';
import { createSubjectCache } from '@turnpike/features/access/subject-cache.js';
import { createSubjectDirectory } from '@turnpike/features/access/subject-directory.js';
import { createTextMemory } from '@turnpike/features/access/text-memory.js';
import type { NasDirectory } from '@turnpike/features/nas/nas-directory.js';
import type { VoucherCodes } from '@turnpike/features/vouchers/voucher-code.js';
import type { RadiusServerOptions } from '@turnpike/radius/udp-server.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';
import type { Redis } from '@turnpike/runtime/redis.js';
import type { Tracing } from '@turnpike/runtime/tracing/tracing.js';
import type { RadiusConfig } from './config.js';
import type { RadiusMetrics } from './radius-metrics.js';
import { createVoucherLogins } from './voucher-logins.js';

export interface AccessSideOptions {
  readonly config: RadiusConfig;
  readonly db: Sql;
  /** For the redemption of vouchers, which takes the database client. */
  readonly databaseOptions: DatabaseOptions;
  readonly redis: Redis;
  readonly breaker: Breaker;
  readonly classTokens: ClassTokens;
  readonly codes: VoucherCodes;
  readonly nases: NasDirectory;
  readonly watch: RadiusMetrics;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly prefix: string;
}

export interface AccessSide {
  readonly handle: RadiusServerOptions['handle'];
  /** Writes the decisions that wait; call it after the last packet. */
  stop(): Promise<void>;
}

/** A place is free again after two interim updates that did not come. */
const LEASE_MS_PER_INTERIM_SECOND = 2_500;

/** Who is let in, with all that it takes. */
export function createAccessSide(options: AccessSideOptions): AccessSide {
  const { config, db, redis, breaker, classTokens, codes, nases, watch, metrics, prefix } = options;
  const secretBox = new SecretBox(config.ENCRYPTION_KEYS);
  const leaseMs = config.RADIUS_INTERIM_SECONDS * LEASE_MS_PER_INTERIM_SECOND;
  const memory = createTextMemory(config.RADIUS_REMEMBERED_SUBJECTS);
  metrics.gauge('turnpike_radius_remembered_subjects', 'Subjects in the memory of the process', [], (gauge) =>
    gauge.set(memory.size()),
  );
  const decisions = createDecisionLog({ redis, hashName: strangerHash(secretBox), prefix });
  const cache = createSubjectCache(redis, prefix);
  const vouchers = createVoucherLogins({ database: options.databaseOptions, codes, secretBox, redis, metrics, prefix });
  const handle = createAccessHandler({
    subjects: createSubjectDirectory({ memory, cache, breaker, db, onRead: watch.onRead }),
    leases: createDeviceLeases({ redis, prefix, leaseMs }),
    leaseMs,
    breaker,
    db,
    classTokens,
    passwords: createCustomerPasswords(secretBox, createTextMemory(config.RADIUS_REMEMBERED_SUBJECTS)),
    policy: {
      interimSeconds: config.RADIUS_INTERIM_SECONDS,
      idleSeconds: config.RADIUS_IDLE_SECONDS,
      rejectDelayMs: config.RADIUS_REJECT_DELAY_MS,
    },
    clock: systemClock,
    routerOf: nases.routerOf,
    siteOf: nases.siteOf,
    onOutcome: watch.onOutcome,
    trace: createAccessTrace(options.tracing),
    decisions,
    vouchers,
  });
  return {
    handle,
    stop: async () => {
      await decisions.stop();
      await vouchers.stop();
    },
  };
}
