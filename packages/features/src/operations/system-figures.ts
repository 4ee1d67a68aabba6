import type { Tx } from '@turnpike/db/database.js';
import { readServerFigures } from '@turnpike/db/server-figures.store.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';
import type { Redis } from '@turnpike/runtime/redis.js';
import type { Sample } from '@turnpike/runtime/sampling.js';
import { countSessions, countSystem } from './system-figures.store.js';

interface Deps {
  readonly db: Tx;
  readonly metrics: Metrics;
  readonly up: (store: 'postgres', isUp: boolean) => void;
}

type Gauge = ReturnType<Metrics['gauge']>;

/** What lies in PostgreSQL and what the server says of itself. Several workers say the same: take one, do not add up. */
export function systemFigures({ db, metrics, up }: Deps): Sample[] {
  return [postgresFigures({ db, metrics, up }), countFigures({ db, metrics }), sessionFigures({ db, metrics })];
}

function postgresFigures({ db, metrics, up }: Deps): Sample {
  const gauge = (name: string, help: string): Gauge => metrics.gauge(`turnpike_worker_postgres_${name}`, help);
  const connections = gauge('connections', 'Connections that PostgreSQL has, all processes together');
  const limit = gauge('connections_limit', 'max_connections of PostgreSQL');
  const size = gauge('database_size_bytes', 'Size of the database');
  const oldest = gauge('oldest_transaction_seconds', 'Age of the oldest transaction that is open');
  const deadlocks = gauge('deadlocks', 'Deadlocks since the statistics of the database began');
  return {
    name: 'postgres',
    take: async () => {
      const figures = await readServerFigures(db);
      connections.set(figures.connections);
      limit.set(figures.connectionLimit);
      size.set(Number(figures.databaseBytes));
      oldest.set(figures.oldestTransactionSeconds);
      deadlocks.set(Number(figures.deadlocks));
      up('postgres', true);
    },
    forget: () => {
      [connections, limit, size, oldest, deadlocks].forEach((each) => each.remove());
      up('postgres', false);
    },
  };
}

function countFigures({ db, metrics }: Omit<Deps, 'up'>): Sample {
  const routers = metrics.gauge('turnpike_worker_routers', 'Routers by status', ['status']);
  const payments = metrics.gauge('turnpike_worker_payments_open', 'Payments that have not ended, by state', ['state']);
  const waiting = metrics.gauge('turnpike_worker_outbox_waiting', 'Decided work that is not in a queue yet');
  const oldest = metrics.gauge('turnpike_worker_outbox_oldest_seconds', 'How long the oldest of it has waited');
  const rows = metrics.gauge(
    'turnpike_worker_accounting_rows_waiting',
    'Accounting records that came past Redis and wait in PostgreSQL; 100,000 stands for more',
  );
  return {
    name: 'counts',
    take: async () => {
      const counts = await countSystem(db);
      routers.set({ status: 'pending' }, counts.routersPending);
      routers.set({ status: 'online' }, counts.routersOnline);
      routers.set({ status: 'offline' }, counts.routersOffline);
      payments.set({ state: 'created' }, counts.paymentsCreated);
      payments.set({ state: 'requested' }, counts.paymentsRequested);
      payments.set({ state: 'timed_out' }, counts.paymentsTimedOut);
      payments.set({ state: 'review' }, counts.paymentsReview);
      waiting.set(counts.outboxWaiting);
      oldest.set(counts.outboxOldestSeconds);
      rows.set(counts.accountingRows);
    },
    forget: () => {
      routers.reset();
      payments.reset();
      [waiting, oldest, rows].forEach((each) => each.remove());
    },
  };
}

function sessionFigures({ db, metrics }: Omit<Deps, 'up'>): Sample {
  const sessions = metrics.gauge(
    'turnpike_worker_sessions',
    'Sessions that are online, and stale ones: of those nothing has been heard for a while',
    ['service', 'state'],
  );
  return {
    name: 'sessions',
    take: async () => {
      const counts = await countSessions(db);
      for (const service of ['hotspot', 'pppoe', 'unknown'] as const) {
        for (const stale of [false, true]) {
          const found = counts.find((each) => each.service === service && each.stale === stale);
          sessions.set({ service, state: stale ? 'stale' : 'online' }, found?.count ?? 0);
        }
      }
    },
    forget: () => sessions.reset(),
  };
}

interface BacklogDeps {
  readonly redis: Redis;
  readonly stream: string;
  readonly metrics: Metrics;
}

/** What RADIUS has acknowledged and the ledger does not have yet. */
export function accountingBacklog({ redis, stream, metrics }: BacklogDeps): Sample {
  const entries = metrics.gauge(
    'turnpike_worker_accounting_backlog',
    'Entries of the accounting stream not taken in yet',
  );
  const oldest = metrics.gauge('turnpike_worker_accounting_oldest_seconds', 'How long the oldest of them has waited');
  return {
    name: 'accounting-backlog',
    take: async () => {
      const [length, [first], [seconds]] = await Promise.all([
        redis.xlen(stream),
        redis.xrange(stream, '-', '+', 'COUNT', 1),
        redis.time(),
      ]);
      entries.set(length);
      // An entry's id begins with the milliseconds of the same server's clock.
      oldest.set(first === undefined ? 0 : Math.max(0, Number(seconds) - Number.parseInt(first[0], 10) / 1_000));
    },
    forget: () => {
      entries.remove();
      oldest.remove();
    },
  };
}
