import { diskFull } from './disk-full.js';
import { exactness } from './exactness.js';
import { flood } from './flood.js';
import { kill } from './kill.js';
import { limit } from './limit.js';
import { postgresAway } from './postgres-away.js';
import { redisHung } from './redis-hung.js';
import { reload } from './reload.js';
import type { ChaosScenario } from './scenario.js';
import { storm } from './storm.js';

/** What `npm run chaos` can break, and which rows of the fault table each proves. */
export const chaosScenarios: readonly ChaosScenario[] = [
  {
    name: 'kill',
    rows: ['R1', 'D1', 'D8', 'D11'],
    title:
      'kill -9 of processes and stores under accounting: RADIUS is back within 2 s, nothing acknowledged is lost or doubled',
    usage:
      '--target radius-auth|radius-acct|worker|api|postgres|redis-durable|redis-cache (all) --times 20 --every 12 --rate 2000',
    run: kill,
  },
  {
    name: 'postgres-away',
    rows: ['A13', 'R17'],
    title:
      'PostgreSQL is stopped: known customers still get in, accounting is acknowledged, the ledger is whole after the drain',
    usage: '--minutes 10 --rate 500',
    run: postgresAway,
  },
  {
    name: 'redis-hung',
    rows: ['D2'],
    title: 'the durable Redis hangs (SIGSTOP): PostgreSQL answers for it, logins and accounting',
    usage: '--seconds 60 --rate 200',
    run: redisHung,
  },
  {
    name: 'disk-full',
    rows: ['D5', 'D4'],
    title: 'the disk of the durable Redis is full: nothing acknowledged is lost, accounting goes on',
    usage: '--rate 1000',
    run: diskFull,
  },
  {
    name: 'exactness',
    rows: ['A1', 'A2', 'A3', 'R10'],
    title:
      'packets 1 to 5 times, in random order, 20 % lost each way, counters past 2^32 three times: bytes and seconds are exact',
    usage: '--sessions 20000 --rate 3000 --seed N',
    run: exactness,
  },
  {
    name: 'storm',
    rows: ['R3'],
    title: 'the power is back: 20,000 logins in 10 s, all answered within the three tries of a router',
    usage: '--customers 20000 --seconds 10',
    run: storm,
  },
  {
    name: 'limit',
    rows: ['A9'],
    title: '1,000 customers x 50 devices at once: exactly as many get in as the package allows',
    usage: '--customers 1000 --seed N',
    run: limit,
  },
  {
    name: 'reload',
    rows: ['R2'],
    title: 'RADIUS is reloaded under load: no request stays unanswered',
    usage: '--times 5 --rate 2000',
    run: reload,
  },
  {
    name: 'flood',
    rows: ['R7', 'R12'],
    title: 'packets from strangers and one mad router: a good router keeps its answers',
    usage: '--seconds 20',
    run: flood,
  },
];
