import type { LiveEvent } from '@turnpike/contracts/events.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { accessRows, type AccessRows } from '@turnpike/testkit/access-rows.js';
import { createSteerableClock, type SteerableClock } from '@turnpike/testkit/steerable-clock.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import type { AlertRow } from './alert.store.js';
import { createAlertMemory, type AlertMemory } from './alert-memory.js';
import { createAlertSweep, type AlertSweep } from './alert-sweep.js';
import { createAuditWatch } from './audit-watch.js';
import { createFinders, type FinderDeps } from './finders.js';

/** When tests begin. */
export const START = new Date('2026-03-01T12:00:00.000Z');
const SWEEP_MS = 15_000;

type Facts = {
  -readonly [Name in 'backlog' | 'countUnended' | 'liveRoles' | 'refusedLogins']: FinderDeps[Name];
};

/** Sweeps over real rows; what is not in PostgreSQL is said by `facts`. */
export interface AlertsRig {
  readonly postgres: TestDatabase;
  readonly redis: TestRedis;
  readonly rows: AccessRows;
  readonly clock: SteerableClock;
  readonly memory: AlertMemory;
  /** What the finders are told by other parts; may be changed. */
  readonly facts: Facts;
  readonly events: LiveEvent[];
  /** One more worker. */
  newSweep(): AlertSweep;
  /** Lets 15 s pass before each. */
  sweep(times?: number): Promise<void>;
  /** Opened and not over, oldest first. */
  open(kind?: string): Promise<AlertRow[]>;
  /** Ago, from the clock of the test. */
  ago(ms: number): Date;
  /** Address and template of every message, oldest first. */
  messages(): Promise<string[]>;
  /** No rows, and the clock at START. */
  fresh(): Promise<void>;
  close(): Promise<void>;
}

export async function openAlertsRig(): Promise<AlertsRig> {
  const [postgres, redis] = await Promise.all([openTestDatabase(), openTestRedis('durable')]);
  const { db, transact } = postgres.database;
  const clock = createSteerableClock(START);
  const memory = createAlertMemory({ redis: redis.redis, prefix: redis.prefix });
  const logger = createLogger({ level: 'silent', role: 'test', instance: '0' });
  const events: LiveEvent[] = [];
  const facts = quietFacts();
  const newSweep = (): AlertSweep =>
    createAlertSweep({
      transact,
      finders: createFinders({
        db,
        memory,
        backlog: (since) => facts.backlog(since),
        countUnended: (seconds) => facts.countUnended(seconds),
        liveRoles: () => facts.liveRoles(),
        refusedLogins: () => facts.refusedLogins(),
        brokenAuditEntry: createAuditWatch({ db, memory }),
      }),
      publish: async (event) => void events.push(event),
      wake: () => undefined,
      clock,
      logger,
      timeZone: 'Africa/Nairobi',
      publicUrl: 'https://wifi.example.net',
    });
  const one = newSweep();
  return {
    postgres,
    redis,
    rows: accessRows(db),
    clock,
    memory,
    facts,
    events,
    newSweep,
    sweep: async (times = 1) => {
      for (let at = 0; at < times; at += 1) {
        clock.advance(SWEEP_MS);
        await one(AbortSignal.timeout(10_000));
      }
    },
    open: (kind) =>
      db.alert.findMany({
        where: { openedAt: { not: null }, resolvedAt: null, ...(kind === undefined ? {} : { kind }) },
        orderBy: { id: 'asc' },
      }),
    ago: (ms) => new Date(clock.now().getTime() - ms),
    messages: async () => {
      const sent = await db.notification.findMany({ orderBy: { id: 'asc' } });
      return sent.map(({ template, recipient }) => `${template} ${recipient}`);
    },
    fresh: async () => {
      for (const table of [
        'alert',
        'alert_rule',
        'notification',
        'outbox_message',
        'payment',
        'session',
        'nas_activity',
      ]) {
        await db.$executeRawUnsafe(`DELETE FROM ${table}`);
      }
      await db.router.deleteMany();
      await redis.flush();
      Object.assign(facts, quietFacts());
      events.length = 0;
      clock.setWall(START);
    },
    close: async () => {
      await Promise.all([postgres.drop(), redis.close()]);
    },
  };
}

/** Everything runs and nothing is refused. */
function quietFacts(): Facts {
  return {
    backlog: async () => [],
    countUnended: async () => 0,
    liveRoles: async () => ['api', 'worker', 'radius-auth', 'radius-acct'],
    refusedLogins: async () => 'none',
  };
}
