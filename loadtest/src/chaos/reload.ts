import { setTimeout as delay } from 'node:timers/promises';
import { runName } from '../radius-scenarios.js';
import { createTraffic } from '../radius/traffic.js';
import type { Figure } from '../results.js';
import { withOwnInstance } from './own-instance.js';
import { pm2 } from './pm2.js';
import type { ChaosContext } from './scenario.js';
import { settleLedger } from './settle-ledger.js';

export const RELOAD_WHOLE = { TIMES: 5, RATE: 2_000, CUSTOMERS: 2_000 };
const STEPS = 12;
const PAUSE_MS = 3_000;
const SPARE_SECONDS = 300;
const ROLES = ['radius-auth', 'radius-acct'];

/** A release under load: PM2 reloads both RADIUS processes while half of the rate logs in and the other half accounts. */
export async function reload(context: ChaosContext): Promise<Figure[]> {
  const { config, say, signal } = context;
  const times = config.TIMES ?? RELOAD_WHOLE.TIMES;
  const half = (config.RATE ?? RELOAD_WHOLE.RATE) / 2;
  return withOwnInstance(context, async (own) => {
    const target = await own.prepare({ customers: config.CUSTOMERS ?? RELOAD_WHOLE.CUSTOMERS });
    const active = target.customers.count;
    const turns = half * SPARE_SECONDS;
    const traffic = await createTraffic({ target, run: runName(), active, steps: STEPS, turns, say, signal });
    const until = new AbortController();
    say(`${half} logins/s and ${half} accounting/s, ${times} reloads of ${ROLES.join(' and ')}`);
    const rates = { loginsPerSecond: half, accountingPerSecond: half, durationMs: Infinity };
    const running = traffic.run({ ...rates, until: until.signal });
    const reloading = async (): Promise<number> => {
      for (let count = 1; count <= times; count += 1) {
        await delay(PAUSE_MS, undefined, { signal });
        const startedMs = performance.now();
        for (const role of ROLES) await pm2(config, own.dataDir, ['reload', role]);
        say(`  reload ${count} of ${times}: ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
      }
      await delay(PAUSE_MS, undefined, { signal });
      return times;
    };
    const reloads = await reloading().finally(() => until.abort());
    await running;
    const { figures } = await settleLedger(context, own.instance.postgresUrl, traffic);
    return [
      { name: 'reloads', value: reloads, unit: '', atLeast: times },
      ...traffic
        .figures()
        .map((figure) => (figure.name === 'accounting unanswered' ? { ...figure, atMost: 0 } : figure)),
      ...figures,
    ];
  });
}
