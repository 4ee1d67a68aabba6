import { createAccountingPackets } from './accounting-packets.js';
import { PreparedAccounting } from './accounting-feeders.js';
import { AccountingPlan } from './accounting-plan.js';
import { AckBook } from './ack-book.js';
import { runGenerator, type GeneratorResult } from './generator.js';
import type { LatencyHistogram } from './latency-histogram.js';
import { createSigner } from './one-shot.js';
import { createPacketWriter } from './packet-writer.js';
import { collectClasses } from './session-classes.js';
import { tellRate } from './tell-rate.js';
import type { RadiusTarget, Say } from './target.js';

export interface AccountingRunOptions {
  readonly target: RadiusTarget;
  readonly seconds: number;
  readonly window: number;
  /** Log every session in first and send its Class along. */
  readonly withClass: boolean;
  /** Begins the Acct-Session-Ids. */
  readonly run: string;
  readonly say: Say;
  readonly signal: AbortSignal;
}

export interface AccountingRun extends GeneratorResult {
  readonly plan: AccountingPlan;
  readonly book: AckBook;
  readonly latencies: LatencyHistogram;
  readonly wrongAnswers: number;
  readonly retransmitted: number;
  readonly lost: number;
  /** Before the first accounting packet, and right after the last answer. */
  readonly startedAt: Date;
  readonly endedAt: Date;
}

const MOST_PER_SECOND = 25_000;
const STEPS = 12;

/** Accounting in a closed loop: sessions of 12 packets, as many at a time as there are customers. */
export async function runAccounting(options: AccountingRunOptions): Promise<AccountingRun> {
  const { target, seconds, window, say, signal } = options;
  const count = Math.ceil(seconds * MOST_PER_SECOND);
  // A whole number of sessions a slot, so that all packets of a session are in the same slot, in order.
  const active = Math.max(window, Math.floor(Math.min(target.customers.count, count) / window) * window);
  const plan = new AccountingPlan({ run: options.run, customers: target.customers, active, steps: STEPS });
  const sessions = plan.sessionsOf(count + window * 4);
  if (options.withClass) say(`logging ${sessions.toLocaleString('en')} sessions in, for their Class`);
  const classOf = options.withClass
    ? await collectClasses({ target, plan, sessions, say, signal })
    : (): undefined => undefined;
  say(`making ${count.toLocaleString('en')} packets`);
  const signer = createSigner(Buffer.from(target.secret));
  const writer = createPacketWriter(signer);
  const packets = createAccountingPackets({ writer, plan, nasAddress: target.nasAddress, classOf, now: Date.now });
  const book = new AckBook(sessions * STEPS);
  const feeder = new PreparedAccounting({ packets, plan, book, slots: window, count });
  say(`accounting for ${seconds} s, window ${window}, ${active.toLocaleString('en')} sessions at a time`);
  const stop = tellRate(say, () => feeder.latencies.count);
  const startedAt = new Date();
  try {
    const result = await runGenerator({
      host: target.host,
      port: target.acctPort,
      nasAddress: target.nasAddress,
      signer,
      lanes: [{ feeder, slots: window, allowance: () => Infinity }],
      durationMs: seconds * 1000,
      identifiersPerSlot: 4,
      signal,
    });
    const [totals] = result.lanes;
    return {
      ...result,
      plan,
      book,
      latencies: feeder.latencies,
      wrongAnswers: feeder.wrongAnswers,
      retransmitted: totals?.retransmitted ?? 0,
      lost: totals?.lost ?? 0,
      startedAt,
      endedAt: new Date(),
    };
  } finally {
    stop();
  }
}
