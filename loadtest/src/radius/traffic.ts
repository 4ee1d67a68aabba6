import type { Figure } from '../results.js';
import { createAccessPackets } from './access-packets.js';
import { FreshAccounting } from './accounting-feeders.js';
import { createAccountingPackets } from './accounting-packets.js';
import { AccountingPlan } from './accounting-plan.js';
import { AckBook } from './ack-book.js';
import { AnswerWatch } from './answer-watch.js';
import { FreshLogins } from './fresh-logins.js';
import { runGenerator, type Feeder, type GeneratorResult } from './generator.js';
import { createSigner } from './one-shot.js';
import { createPacketWriter } from './packet-writer.js';
import { collectClasses } from './session-classes.js';
import type { RadiusTarget, Say } from './target.js';

export interface TrafficOptions {
  readonly target: RadiusTarget;
  /** Begins the Acct-Session-Ids. */
  readonly run: string;
  readonly active: number;
  readonly steps: number;
  /** Accounting packets at most. */
  readonly turns: number;
  /** Retransmissions; default as RouterOS: 3 s, 3 tries. */
  readonly retry?: { readonly afterMs: number; readonly tries: number };
  readonly say: Say;
  readonly signal: AbortSignal;
}

export interface TrafficRates {
  readonly loginsPerSecond: number;
  readonly accountingPerSecond: number;
  readonly durationMs: number;
  /** Ends it before; requests in flight are waited for. */
  readonly until?: AbortSignal;
}

/** Logins of known customers and their accounting, at steady rates, from one NAS. */
export interface Traffic {
  readonly plan: AccountingPlan;
  readonly book: AckBook;
  readonly startedAt: Date;
  /** What came back last, to see how long a service was away. */
  readonly authWatch: AnswerWatch;
  readonly acctWatch: AnswerWatch;
  /** One accounting packet of every active session, as fast as it goes. */
  openSessions(): Promise<void>;
  /** May be called again and again; rejects when told to stop. */
  run(rates: TrafficRates): Promise<void>;
  /** Of all calls of `run` together. */
  figures(): Figure[];
  /** Logins refused although name and password were right. */
  readonly wrongRejects: number;
}

/** As many requests as a NAS would have in flight while nobody answers. */
const SLOTS = 8192;
const OPENING_WINDOW = 64;
const ROUTEROS_RETRY = { afterMs: 3_000, tries: 3 };
const STRIDE = 7_919;

export async function createTraffic(options: TrafficOptions): Promise<Traffic> {
  const { target, run, active, steps, say, signal, retry = ROUTEROS_RETRY } = options;
  const plan = new AccountingPlan({ run, customers: target.customers, active, steps });
  const sessions = plan.sessionsOf(options.turns);
  say(`logging ${sessions.toLocaleString('en')} sessions in, for their Class`);
  const classOf = await collectClasses({ target, plan, sessions, say, signal });
  const signer = createSigner(Buffer.from(target.secret));
  const writer = createPacketWriter(signer);
  const book = new AckBook(sessions * steps);
  const authWatch = new AnswerWatch();
  const acctWatch = new AnswerWatch();
  const accounting = new FreshAccounting({
    packets: createAccountingPackets({ ...target, writer, plan, classOf, now: Date.now }),
    plan,
    book,
    turns: options.turns,
  });
  const logins = new FreshLogins({
    packets: createAccessPackets({ ...target, writer, method: 'pap' }),
    loginOf: (turn) => ({ customer: (turn * STRIDE) % active }),
  });
  const totals = { logins: emptyTotals(), accounting: emptyTotals() };

  const generate = (
    port: number,
    lane: { feeder: Feeder; slots: number; perSecond: number },
    durationMs: number,
    until: AbortSignal,
  ): Promise<GeneratorResult> =>
    runGenerator({
      host: target.host,
      port,
      nasAddress: target.nasAddress,
      signer,
      lanes: [
        { feeder: lane.feeder, slots: lane.slots, allowance: (elapsedMs) => (elapsedMs / 1000) * lane.perSecond },
      ],
      durationMs,
      retry,
      signal: until,
    });

  return {
    plan,
    book,
    authWatch,
    acctWatch,
    startedAt: new Date(),
    get wrongRejects() {
      return logins.tally.rejected;
    },
    async openSessions() {
      let sent = 0;
      const feeder: Feeder = {
        load: (slot) => sent < active && accounting.load(slot) && (sent += 1) > 0,
        answered: (slot, reply, tookMs) => accounting.answered(slot, reply, tookMs),
        lost: () => accounting.lost(),
      };
      await generate(target.acctPort, { feeder, slots: OPENING_WINDOW, perSecond: Infinity }, 600_000, signal);
      signal.throwIfAborted();
    },
    async run({ loginsPerSecond, accountingPerSecond, durationMs, until }) {
      const end = until === undefined ? signal : AbortSignal.any([signal, until]);
      const [auth, acct] = await Promise.all([
        generate(
          target.authPort,
          { feeder: authWatch.over(logins), slots: SLOTS, perSecond: loginsPerSecond },
          durationMs,
          end,
        ),
        generate(
          target.acctPort,
          { feeder: acctWatch.over(accounting), slots: SLOTS, perSecond: accountingPerSecond },
          durationMs,
          end,
        ),
      ]);
      addTotals(totals.logins, auth);
      addTotals(totals.accounting, acct);
      signal.throwIfAborted();
    },
    figures: () => [
      { name: 'logins answered', value: totals.logins.answered, unit: '' },
      { name: 'logins rejected although right', value: logins.tally.rejected, unit: '', atMost: 0 },
      { name: 'logins unanswered', value: logins.tally.lost, unit: '', atMost: 0 },
      { name: 'logins sent again', value: totals.logins.retransmitted, unit: '' },
      { name: 'login latency p99', value: logins.tally.latencies.percentile(99), unit: 'ms' },
      { name: 'accounting acknowledged', value: book.ackedCount, unit: '', atLeast: 1 },
      { name: 'accounting unanswered', value: accounting.lostCount, unit: '' },
      { name: 'accounting sent again', value: totals.accounting.retransmitted, unit: '' },
      { name: 'accounting latency p99', value: accounting.latencies.percentile(99), unit: 'ms' },
    ],
  };
}

function emptyTotals(): { answered: number; retransmitted: number } {
  return { answered: 0, retransmitted: 0 };
}

function addTotals(totals: { answered: number; retransmitted: number }, result: GeneratorResult): void {
  for (const lane of result.lanes) {
    totals.answered += lane.answered;
    totals.retransmitted += lane.retransmitted;
  }
}
