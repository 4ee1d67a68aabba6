import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Say } from '../radius/target.js';
import type { Ledger } from './open-ledger.js';

const counts = z.object({ records: z.coerce.number(), merged: z.coerce.number(), problems: z.coerce.number() });
export type LedgerCounts = z.infer<typeof counts>;

export interface Drained extends LedgerCounts {
  /** From the call until everything was merged, or nothing moved any more. */
  readonly seconds: number;
  /** Records merged in that time, a second. */
  readonly perSecond: number;
  readonly complete: boolean;
}

const POLL_MS = 500;
const STUCK_MS = 30_000;
const TOLD_EVERY_MS = 5_000;

/** Waits until `expected` records received since `since` are merged; gives up when none was for 30 s. */
export async function waitForDrain(options: {
  readonly ledger: Ledger;
  readonly since: Date;
  readonly expected: number;
  readonly say: Say;
  readonly signal: AbortSignal;
}): Promise<Drained> {
  const { ledger, since, expected, say, signal } = options;
  const startedMs = performance.now();
  const first = await countRecords(ledger, since);
  let now = first;
  let movedMs = startedMs;
  let toldMs = startedMs;
  while (now.merged + now.problems < expected && performance.now() - movedMs < STUCK_MS) {
    await delay(POLL_MS, undefined, { signal });
    const next = await countRecords(ledger, since);
    if (next.merged > now.merged) movedMs = performance.now();
    now = next;
    if (performance.now() - toldMs < TOLD_EVERY_MS) continue;
    toldMs = performance.now();
    say(`  in the ledger: ${now.merged.toLocaleString('en')} of ${expected.toLocaleString('en')}`);
  }
  const seconds = Math.max(1e-3, (movedMs - startedMs) / 1000);
  const perSecond = now.merged > first.merged ? (now.merged - first.merged) / seconds : 0;
  return { ...now, seconds, perSecond, complete: now.merged >= expected };
}

export async function countRecords(ledger: Ledger, since: Date): Promise<LedgerCounts> {
  const { rows } = await ledger.query(
    `SELECT count(*) AS records, count(merged_at) AS merged, count(problem) AS problems
     FROM accounting_record WHERE received_on >= ($1::timestamptz AT TIME ZONE 'UTC')::date AND received_at >= $1`,
    [since],
  );
  return counts.parse(rows[0]);
}
