import { apiReload, API_RELOAD_WHOLE } from './api-reload.js';
import { diskFull, DISK_FULL_WHOLE } from './disk-full.js';
import { exactness, EXACTNESS_WHOLE } from './exactness.js';
import { flood, FLOOD_WHOLE } from './flood.js';
import { frozen, FROZEN_WHOLE } from './frozen.js';
import { kill, KILL_WHOLE } from './kill.js';
import { limit, LIMIT_WHOLE } from './limit.js';
import { postgresAway, POSTGRES_AWAY_WHOLE } from './postgres-away.js';
import { CHAOS_PURCHASES_WHOLE, killedPurchases } from './purchases.js';
import { redisHung, REDIS_HUNG_WHOLE } from './redis-hung.js';
import { reload, RELOAD_WHOLE } from './reload.js';
import type { ChaosScenario } from './scenario.js';
import { storm, STORM_WHOLE } from './storm.js';

/** What `npm run chaos` can break, and which rows of the fault table each proves. */
export const chaosScenarios: readonly ChaosScenario[] = [
  {
    name: 'kill',
    rows: ['R1', 'D1', 'D8'],
    title:
      'kill -9 of processes and stores under accounting: RADIUS is back within 2 s, nothing acknowledged is lost or doubled',
    whole: KILL_WHOLE,
    usage: '--target radius-auth|radius-acct|worker|api|postgres|redis-durable|redis-cache (all), --every 12',
    run: kill,
  },
  {
    name: 'purchases',
    rows: ['M1', 'M2', 'M3', 'M4', 'M6', 'D15'],
    title:
      'customers pay while API, relay and worker are killed at their crash points, and the stores: everything paid is given once, nothing else',
    whole: CHAOS_PURCHASES_WHOLE,
    usage: '--rate 20, --every SECONDS',
    run: killedPurchases,
  },
  {
    name: 'postgres-away',
    rows: ['A13'],
    title:
      'PostgreSQL is stopped: known customers still get in, accounting is acknowledged, the ledger is whole after the drain',
    whole: POSTGRES_AWAY_WHOLE,
    run: postgresAway,
  },
  {
    name: 'redis-hung',
    rows: ['D2'],
    title: 'the durable Redis hangs (SIGSTOP): PostgreSQL answers for it, logins and accounting',
    whole: REDIS_HUNG_WHOLE,
    run: redisHung,
  },
  {
    name: 'disk-full',
    rows: ['D5'],
    title: 'the disk of the durable Redis is full: nothing acknowledged is lost, accounting goes on',
    whole: DISK_FULL_WHOLE,
    run: diskFull,
  },
  {
    name: 'exactness',
    rows: ['A1', 'A2', 'A3', 'R10'],
    title:
      'packets 1 to 5 times, in random order, 20 % lost each way, counters past 2^32 three times: bytes and seconds are exact',
    whole: EXACTNESS_WHOLE,
    usage: '--seed N, --rate 3000',
    run: exactness,
  },
  {
    name: 'storm',
    rows: [],
    title: 'the power is back: 20,000 logins in 10 s, all answered within the three tries of a router',
    whole: STORM_WHOLE,
    run: storm,
  },
  {
    name: 'limit',
    rows: ['A9'],
    title: '1,000 customers x 50 devices at once: exactly as many get in as the package allows',
    whole: LIMIT_WHOLE,
    usage: '--seed N',
    run: limit,
  },
  {
    name: 'reload',
    rows: ['R2'],
    title: 'RADIUS is reloaded under load: no request stays unanswered',
    whole: RELOAD_WHOLE,
    run: reload,
  },
  {
    name: 'api-reload',
    rows: [],
    title: 'the API is reloaded under reads and writes: no request fails; its event loop keeps up under full load',
    whole: API_RELOAD_WHOLE,
    run: apiReload,
  },
  {
    name: 'frozen',
    rows: ['R3'],
    title: 'both RADIUS processes are stopped for a second, again and again: their socket buffers keep what arrives',
    whole: FROZEN_WHOLE,
    run: frozen,
  },
  {
    name: 'flood',
    rows: ['R7', 'R12'],
    title: 'packets from strangers and one mad router: a good router keeps its answers',
    whole: FLOOD_WHOLE,
    run: flood,
  },
];
