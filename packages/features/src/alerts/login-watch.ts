import type { Clock } from '@turnpike/core/clock.js';
import type { RejectReason } from '@turnpike/core/reject-reasons.js';
import type { Sample } from '@turnpike/runtime/metrics-fanout.js';
import { z } from 'zod';
import type { AlertMemory } from './alert-memory.js';

export interface RefusedLogins {
  readonly perMinute: number;
  /** What most of them were refused for. */
  readonly reason: RejectReason;
}

export interface LoginWatchDeps {
  readonly memory: AlertMemory;
  /** Of every RADIUS process that answers, with its own labels. */
  readonly readDecisions: () => Promise<readonly Sample[]>;
  readonly clock: Clock;
}

export const DECISIONS_METRIC = 'turnpike_radius_access_decisions_total';

/**
 * What nobody is refused for who only has to pay: a router or an account that is set up wrongly, or somebody who guesses.
 * Devices that nobody knows and access that is over are the everyday business of a hotspot.
 */
const SUSPICIOUS: ReadonlySet<string> = new Set<RejectReason>([
  'wrong_password',
  'unsupported_method',
  'eap_unsupported',
  'wrong_service',
  'wrong_site',
  'too_many_guesses',
]);

const MINUTE_MS = 60_000;
/** Two looks closer together tell nothing of a minute; with older ones the counters may be of another process. */
const SHORTEST_MS = 10_000;
const LONGEST_MS = 600_000;

const kept = z.object({
  atMs: z.number(),
  counts: z.record(z.string(), z.number()),
  rates: z.record(z.string(), z.number()),
});

/** Refusals a minute since the look before; undefined while there is none to compare with. */
export function createLoginWatch({ memory, readDecisions, clock }: LoginWatchDeps) {
  return async (): Promise<RefusedLogins | 'none' | undefined> => {
    const nowMs = clock.now().getTime();
    const before = await memory.read('logins', kept);
    const passedMs = before === undefined ? Infinity : nowMs - before.atMs;
    if (before !== undefined && passedMs >= 0 && passedMs < SHORTEST_MS) return worst(before.rates);
    const counts = countsOf(await readDecisions());
    const isComparable = before !== undefined && passedMs >= 0 && passedMs <= LONGEST_MS;
    const rates = isComparable ? ratesOf(before.counts, counts, MINUTE_MS / passedMs) : {};
    await memory.write('logins', { atMs: nowMs, counts, rates });
    return isComparable ? worst(rates) : undefined;
  };
}

/** By process and reason: a process that began anew counts from 0 again. */
function countsOf(samples: readonly Sample[]): Record<string, number> {
  const suspicious = samples.filter(({ labels }) => SUSPICIOUS.has(String(labels['outcome'])));
  return Object.fromEntries(
    suspicious.map(({ labels, value }) => {
      return [`${String(labels['role'])} ${String(labels['instance'])} ${String(labels['outcome'])}`, value];
    }),
  );
}

function ratesOf(before: Record<string, number>, now: Record<string, number>, factor: number): Record<string, number> {
  const rates = new Map<string, number>();
  for (const [key, count] of Object.entries(now)) {
    const reason = key.split(' ').at(-1) ?? '';
    // One that did not answer the last time: nobody knows how much of it is new.
    const earlier = before[key] ?? count;
    const more = count >= earlier ? count - earlier : count;
    rates.set(reason, (rates.get(reason) ?? 0) + more * factor);
  }
  return Object.fromEntries(rates);
}

function worst(rates: Record<string, number>): RefusedLogins | 'none' {
  const sorted = Object.entries(rates).sort(([, a], [, b]) => b - a);
  const perMinute = sorted.reduce((sum, [, rate]) => sum + rate, 0);
  const [reason] = sorted[0] ?? [];
  return perMinute === 0 || !isSuspicious(reason) ? 'none' : { perMinute, reason };
}

function isSuspicious(reason: string | undefined): reason is RejectReason {
  return reason !== undefined && SUSPICIOUS.has(reason);
}
