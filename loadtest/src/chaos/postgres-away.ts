import { setTimeout as delay } from 'node:timers/promises';
import { runName } from '../radius-scenarios.js';
import { createTraffic } from '../radius/traffic.js';
import type { Figure } from '../results.js';
import { withOwnInstance } from './own-instance.js';
import type { ChaosContext } from './scenario.js';
import { settleLedger } from './settle-ledger.js';
import { stopProcess } from './stop-process.js';

export const POSTGRES_AWAY_WHOLE = { MINUTES: 10, RATE: 500, CUSTOMERS: 5_000 };
const STEPS = 12;
const BEFORE_MS = 5_000;
const SPARE_SECONDS = 180;
const MIN_DRAIN = 5_000;

/** PostgreSQL is stopped as an operator stops it, and started with `npm start` at the end. */
export async function postgresAway(context: ChaosContext): Promise<Figure[]> {
  const { config, say, signal } = context;
  const awayMs = (config.MINUTES ?? POSTGRES_AWAY_WHOLE.MINUTES) * 60_000;
  const perSecond = config.RATE ?? POSTGRES_AWAY_WHOLE.RATE;
  return withOwnInstance(context, async (own) => {
    const target = await own.prepare({ customers: config.CUSTOMERS ?? POSTGRES_AWAY_WHOLE.CUSTOMERS });
    const turns = Math.ceil(perSecond * (awayMs / 1000 + SPARE_SECONDS));
    const active = target.customers.count;
    const traffic = await createTraffic({ target, run: runName(), active, steps: STEPS, turns, say, signal });
    const until = new AbortController();
    say(`${perSecond} logins/s and ${perSecond} accounting/s from known customers`);
    const rates = { loginsPerSecond: perSecond, accountingPerSecond: perSecond, durationMs: Infinity };
    const running = traffic.run({ ...rates, until: until.signal });
    const breaking = async (): Promise<number> => {
      await delay(BEFORE_MS, undefined, { signal });
      const [pid = 0] = await own.pids('postgres');
      await stopProcess(pid, 'SIGINT', signal);
      const stoppedMs = performance.now();
      const ackedBefore = traffic.book.ackedCount;
      say(`PostgreSQL is stopped, for ${awayMs / 60_000} minutes`);
      await tellWhile(awayMs, signal, () =>
        say(
          `  ${Math.round((performance.now() - stoppedMs) / 1000)} s: ${traffic.acctWatch.answers} acknowledged, ${traffic.wrongRejects} rejected`,
        ),
      );
      const acked = traffic.book.ackedCount - ackedBefore;
      await own.up();
      say(`PostgreSQL is back after ${((performance.now() - stoppedMs) / 1000).toFixed(0)} s`);
      return acked;
    };
    const ackedWhileAway = await breaking().finally(() => until.abort());
    await running;
    const { figures, drained } = await settleLedger(context, own.instance.postgresUrl, traffic);
    return [
      { name: 'PostgreSQL away', value: awayMs / 60_000, unit: 'min' },
      { name: 'accounting acknowledged meanwhile', value: ackedWhileAway, unit: '', atLeast: 1 },
      {
        name: 'drain, records per second',
        value: drained.perSecond,
        unit: '/s',
        ...drainBound(drained.perSecond * drained.seconds),
      },
      ...traffic
        .figures()
        .map((figure) => (figure.name === 'accounting unanswered' ? { ...figure, atMost: 0 } : figure)),
      ...figures,
    ];
  });
}

/** A few thousand records are drained before there is a rate to speak of. */
function drainBound(records: number): { atLeast?: number } {
  return records >= MIN_DRAIN * 5 ? { atLeast: MIN_DRAIN } : {};
}

const TOLD_EVERY_MS = 30_000;

async function tellWhile(durationMs: number, signal: AbortSignal, tell: () => void): Promise<void> {
  const endMs = performance.now() + durationMs;
  for (let left = durationMs; left > 0; left = endMs - performance.now()) {
    await delay(Math.min(left, TOLD_EVERY_MS), undefined, { signal });
    tell();
  }
}
