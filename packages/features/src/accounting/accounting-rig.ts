import { createHash } from 'node:crypto';
import type { LiveEvent } from '@turnpike/contracts/events.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { accessRows, type AccessRows } from '@turnpike/testkit/access-rows.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { createDeviceLeases, type DeviceLeases } from '../access/device-lease.js';
import { changeRates } from '../sessions/rate-changer.js';
import { endSessions } from '../sessions/session-ender.js';
import { encodeRecord, type AccountingRecord } from './accounting-record.js';
import { RECORD_FIELD } from './accounting-intake.js';
import { createAccountingStream } from './accounting-stream.js';
import { createAccountingDrain, type AccountingDrain, type AccountingDrainOptions } from './accounting.drain.js';

/** When the sessions of tests begin, ms. */
export const T0 = Date.UTC(2026, 0, 1);

/** A real ledger for tests: database, durable Redis, and drains over a stream of its own for each `fresh`. */
export interface AccountingRig {
  readonly store: TestDatabase;
  readonly redis: TestRedis;
  readonly rows: AccessRows;
  readonly leases: DeviceLeases;
  /** A router that records are of unless told otherwise. */
  readonly routerId: string;
  /** Key of the stream now. */
  readonly streamKey: string;
  /** Told since `fresh`. */
  readonly events: LiveEvent[];
  /** Customers whose revision was moved since `fresh`. */
  readonly touched: string[];
  /** An empty stream and nothing told. */
  fresh(): void;
  newDrain(consumer: string, more?: Partial<AccountingDrainOptions>): AccountingDrain;
  /** A record `second` seconds after T0 of a session that began then. */
  record(sessionKey: string, second: number, more?: Partial<AccountingRecord>): AccountingRecord;
  /** One entry each. */
  push(...records: AccountingRecord[]): Promise<void>;
  close(): Promise<void>;
}

export async function openAccountingRig(routerAddress: string): Promise<AccountingRig> {
  const store = await openTestDatabase();
  const redis = await openTestRedis('durable');
  const rows = accessRows(store.database.db);
  const routerId = await rows.router(routerAddress, 'secret');
  const leases = createDeviceLeases({ redis: redis.redis, prefix: redis.prefix, leaseMs: 60_000 });
  const logger = createLogger({ level: 'silent', role: 'test', instance: '0' });
  const events: LiveEvent[] = [];
  const touched: string[] = [];
  let sequence = 0;
  const streamKey = (): string => `${redis.prefix}acct${sequence}`;

  return {
    store,
    redis,
    rows,
    leases,
    routerId,
    get streamKey() {
      return streamKey();
    },
    events,
    touched,
    fresh() {
      sequence += 1;
      events.length = 0;
      touched.length = 0;
    },
    newDrain: (consumer, more = {}) =>
      createAccountingDrain({
        stream: createAccountingStream({
          redis: redis.redis,
          blocking: redis.open('blocking'),
          stream: streamKey(),
          group: 'drain',
          consumer,
        }),
        db: store.database.db,
        transact: store.database.transact,
        leases,
        live: { publish: (event) => void events.push(event) },
        wake: () => undefined,
        logger,
        endSessions,
        changeRates,
        touchCustomer: async (tx, id) => {
          touched.push(id);
          await tx.customer.update({ where: { id }, data: { revision: { increment: 1 } } });
        },
        abandonedAfterMs: 0,
        ...more,
      }),
    record: (sessionKey, second, more = {}) => recordAt(routerId, sessionKey, second, more),
    async push(...records) {
      for (const each of records) await redis.redis.xadd(streamKey(), '*', RECORD_FIELD, encodeRecord(each));
    },
    async close() {
      await redis.close();
      await store.drop();
    },
  };
}

function recordAt(
  routerId: string,
  sessionKey: string,
  second: number,
  more: Partial<AccountingRecord>,
): AccountingRecord {
  const record = {
    dedupKey: '',
    routerId,
    kind: 'interim' as const,
    receivedAt: T0 + second * 1000,
    eventAt: T0 + second * 1000,
    untimed: false,
    sessionKey,
    namedStart: T0,
    entitlementId: null,
    fairUseStep: 0,
    acctSessionId: sessionKey,
    username: 'nobody',
    framedIpAddress: null,
    callingStationId: null,
    calledStationId: null,
    nasPortId: null,
    sessionSeconds: second,
    inputOctets: '0',
    outputOctets: '0',
    narrow: false,
    terminateCause: null,
    ...more,
  };
  const dedupKey = createHash('sha256').update(encodeRecord(record)).digest('base64url');
  return { ...record, dedupKey: more.dedupKey ?? dedupKey };
}
