import { setTimeout as delay } from 'node:timers/promises';
import { runName } from '../radius-scenarios.js';
import { runLogins } from '../radius/login-run.js';
import { createTraffic } from '../radius/traffic.js';
import type { Figure } from '../results.js';
import { withOwnInstance } from './own-instance.js';
import type { ChaosContext } from './scenario.js';
import { settleLedger } from './settle-ledger.js';

export const REDIS_HUNG_WHOLE = { SECONDS: 60, RATE: 200, CUSTOMERS: 2_000 };
const STEPS = 12;
const BEFORE_MS = 3_000;
const AFTER_MS = 5_000;
const MIN_LOGINS = 500;
const LOGIN_WINDOW = 32;
const SPARE_SECONDS = 180;

/** The durable Redis is stopped with SIGSTOP: it accepts connections and commands, and never answers. */
export async function redisHung(context: ChaosContext): Promise<Figure[]> {
  const { config, say, signal } = context;
  const seconds = config.SECONDS ?? REDIS_HUNG_WHOLE.SECONDS;
  const perSecond = config.RATE ?? REDIS_HUNG_WHOLE.RATE;
  return withOwnInstance(context, async (own) => {
    const target = await own.prepare({ customers: config.CUSTOMERS ?? REDIS_HUNG_WHOLE.CUSTOMERS });
    const turns = Math.ceil(perSecond * (seconds + SPARE_SECONDS));
    const active = target.customers.count;
    const traffic = await createTraffic({ target, run: runName(), active, steps: STEPS, turns, say, signal });
    const until = new AbortController();
    const rates = { loginsPerSecond: 0, accountingPerSecond: perSecond, durationMs: Infinity };
    const running = traffic.run({ ...rates, until: until.signal });
    const breaking = async () => {
      const [pid = 0] = await own.pids('redis durable');
      await delay(BEFORE_MS, undefined, { signal });
      const ackedBefore = traffic.book.ackedCount;
      process.kill(pid, 'SIGSTOP');
      try {
        say(`the durable Redis hangs for ${seconds} s; logins as fast as they go, ${perSecond} accounting/s`);
        const common = { target, method: 'pap' as const, window: LOGIN_WINDOW, wrongShare: 0, say, signal };
        const logins = await runLogins({ ...common, seconds });
        return { logins, acked: traffic.book.ackedCount - ackedBefore };
      } finally {
        process.kill(pid, 'SIGCONT');
        say('Redis goes on');
      }
    };
    const { logins, acked } = await breaking().finally(() => setTimeout(() => until.abort(), AFTER_MS));
    await running;
    const { figures } = await settleLedger(context, own.instance.postgresUrl, traffic);
    return [
      { name: 'Redis hung', value: seconds, unit: 's' },
      { name: 'logins answered meanwhile', value: logins.answersPerSecond, unit: '/s', atLeast: MIN_LOGINS },
      { name: 'login latency p99 meanwhile', value: logins.right.latencies.percentile(99), unit: 'ms' },
      { name: 'wrong verdicts meanwhile', value: logins.right.wrongVerdicts, unit: '', atMost: 0 },
      { name: 'logins lost meanwhile', value: logins.lost, unit: '', atMost: 0 },
      { name: 'accounting acknowledged meanwhile', value: acked, unit: '', atLeast: (seconds * perSecond) / 2 },
      ...traffic.figures().filter((figure) => figure.name.startsWith('accounting')),
      ...figures,
    ];
  });
}
