import { setTimeout as delay } from 'node:timers/promises';
import { runName } from '../radius-scenarios.js';
import { createTraffic } from '../radius/traffic.js';
import type { Figure } from '../results.js';
import { withOwnInstance } from './own-instance.js';
import type { ChaosContext } from './scenario.js';
import { settleLedger } from './settle-ledger.js';

export const FROZEN_WHOLE = { TIMES: 10, RATE: 2_000, CUSTOMERS: 2_000 };
const FROZEN_MS = 1_000;
const PAUSE_MS = 4_000;
const STEPS = 12;
const SPARE_SECONDS = 120;
const ROLES = ['radius-auth', 'radius-acct'] as const;

/** Both RADIUS processes are stopped with SIGSTOP for a second: what arrives meanwhile waits in their socket buffers. */
export async function frozen(context: ChaosContext): Promise<Figure[]> {
  const { config, say, signal } = context;
  const times = config.TIMES ?? FROZEN_WHOLE.TIMES;
  const half = (config.RATE ?? FROZEN_WHOLE.RATE) / 2;
  return withOwnInstance(context, async (own) => {
    const target = await own.prepare({ customers: config.CUSTOMERS ?? FROZEN_WHOLE.CUSTOMERS });
    const active = target.customers.count;
    const turns = Math.ceil(half * ((times * (PAUSE_MS + FROZEN_MS)) / 1000 + SPARE_SECONDS));
    const traffic = await createTraffic({ target, run: runName(), active, steps: STEPS, turns, say, signal });
    const until = new AbortController();
    say(`${half} logins/s and ${half} accounting/s; ${times} times nobody reads for ${FROZEN_MS / 1000} s`);
    const rates = { loginsPerSecond: half, accountingPerSecond: half, durationMs: Infinity };
    const running = traffic.run({ ...rates, until: until.signal });
    const freezing = async (): Promise<void> => {
      const pids = (await Promise.all(ROLES.map((role) => own.pids(role)))).flat();
      for (let count = 1; count <= times; count += 1) {
        await delay(PAUSE_MS, undefined, { signal });
        try {
          for (const pid of pids) process.kill(pid, 'SIGSTOP');
          await delay(FROZEN_MS, undefined, { signal });
        } finally {
          for (const pid of pids) process.kill(pid, 'SIGCONT');
        }
      }
      await delay(PAUSE_MS, undefined, { signal });
    };
    await freezing().finally(() => until.abort());
    await running;
    const { figures } = await settleLedger(context, own.instance.postgresUrl, traffic);
    const bounded = ['logins sent again', 'accounting sent again', 'accounting unanswered'];
    return [
      { name: 'frozen', value: times, unit: '', atLeast: times },
      ...traffic.figures().map((figure) => (bounded.includes(figure.name) ? { ...figure, atMost: 0 } : figure)),
      ...figures,
    ];
  });
}
