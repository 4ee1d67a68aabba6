import type { Figure } from '../results.js';
import { runStorm } from './login-storm.js';
import { withOwnInstance } from './own-instance.js';
import type { ChaosContext } from './scenario.js';

export const STORM_WHOLE = { CUSTOMERS: 20_000, SECONDS: 10 };
const SLOTS = 8_192;
const MAX_P99_MS = 1_000;

/** The power is back: everybody logs in within ten seconds, most of them in the first ones. */
export async function storm(context: ChaosContext): Promise<Figure[]> {
  const { config, say, signal } = context;
  const count = config.CUSTOMERS ?? STORM_WHOLE.CUSTOMERS;
  const durationMs = (config.SECONDS ?? STORM_WHOLE.SECONDS) * 1000;
  return withOwnInstance(context, async (own) => {
    const target = await own.prepare({ customers: count });
    say(
      `${count.toLocaleString('en')} logins in ${durationMs / 1000} s, twice as many a second at first as on average`,
    );
    const { logins, result } = await runStorm({
      target,
      loginOf: (turn) => (turn < count ? { customer: turn } : undefined),
      // One more than there are: the lane ends when it asks for it.
      allowance: (elapsedMs) => arrivedBy(Math.min(1, elapsedMs / durationMs)) * count + 1,
      slots: SLOTS,
      signal,
    });
    signal.throwIfAborted();
    const { tally } = logins;
    const [lane] = result.lanes;
    return [
      { name: 'logins', value: lane?.sent ?? 0, unit: '', atLeast: count },
      { name: 'accepted', value: tally.accepted, unit: '', atLeast: count },
      { name: 'rejected', value: tally.rejected, unit: '', atMost: 0 },
      { name: 'unanswered after 3 tries', value: tally.lost, unit: '', atMost: 0 },
      { name: 'sent again', value: lane?.retransmitted ?? 0, unit: '' },
      { name: 'latency p50', value: tally.latencies.percentile(50), unit: 'ms' },
      { name: 'latency p99', value: tally.latencies.percentile(99), unit: 'ms', atMost: MAX_P99_MS },
      { name: 'latency highest', value: tally.latencies.maxMs, unit: 'ms' },
      { name: 'from the first login to the last answer', value: result.seconds, unit: 's' },
    ];
  });
}

/** Share that has arrived after a share of the time, when the rate falls evenly from twice the average to nothing. */
function arrivedBy(time: number): number {
  return 1 - (1 - time) ** 2;
}
