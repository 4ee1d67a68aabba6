import type { LoadtestConfig } from '../config.js';
import { waitForDrain } from '../ledger/drain-wait.js';
import { withLedger } from '../ledger/open-ledger.js';
import { runName } from '../radius-scenarios.js';
import { createAccessPackets } from '../radius/access-packets.js';
import { FreshAccounting } from '../radius/accounting-feeders.js';
import { createAccountingPackets } from '../radius/accounting-packets.js';
import { AccountingPlan } from '../radius/accounting-plan.js';
import { AckBook } from '../radius/ack-book.js';
import { FreshLogins } from '../radius/fresh-logins.js';
import { runGenerator, type Feeder } from '../radius/generator.js';
import { createSigner } from '../radius/one-shot.js';
import { createPacketWriter } from '../radius/packet-writer.js';
import { collectClasses } from '../radius/session-classes.js';
import type { RadiusTarget, Say } from '../radius/target.js';
import type { Done } from './meter.js';

export interface RadiusWork {
  /** Ready to run: what has to be known before is known. */
  run(): Promise<Done>;
}

interface RadiusOptions {
  readonly config: LoadtestConfig;
  readonly postgresUrl: string;
  readonly target: RadiusTarget;
  readonly perSecond: number;
  readonly seconds: number;
  readonly say: Say;
  readonly signal: AbortSignal;
}

const SLOTS = 1_024;
/** A Start, ten interims, a Stop. */
const STEPS = 12;
const START_AND_STOP = 2;
const STRIDE = 7_919;
/** RFC 791 and RFC 768. */
const IP_AND_UDP_BYTES = 28;

/** Logins, and of each session its Start and its Stop. */
export async function loginWork(options: RadiusOptions): Promise<RadiusWork> {
  const logins = options.perSecond * options.seconds;
  const accounting = await accountingLane(options, { packets: logins * START_AND_STOP, steps: START_AND_STOP });
  const { target, perSecond, seconds } = options;
  const signer = createSigner(Buffer.from(target.secret));
  const packets = createAccessPackets({ ...target, writer: createPacketWriter(signer), method: 'pap' });
  const feeder = new FreshLogins({
    packets,
    loginOf: (turn) => ({ customer: (turn * STRIDE) % target.customers.count }),
  });
  const counting = new CountingFeeder(feeder);
  return {
    run: async () => {
      const lane = { feeder: counting, slots: SLOTS, allowance: paced(perSecond) };
      const asked = runGenerator({
        host: target.host,
        port: target.authPort,
        nasAddress: target.nasAddress,
        signer,
        lanes: [lane],
        durationMs: seconds * 1_000,
        signal: options.signal,
      });
      const [accounted] = await Promise.all([accounting.run(perSecond * START_AND_STOP), asked]);
      const { accepted } = feeder.tally;
      if (accepted === 0) throw new Error('nobody could log in: nothing can be said about a login');
      return { count: accepted, networkBytes: counting.bytes + accounted.networkBytes };
    },
  };
}

/** Interims, and as many Starts and Stops as sessions have that last ten of them. */
export async function interimWork(options: RadiusOptions): Promise<RadiusWork> {
  const { perSecond, seconds } = options;
  const accounting = await accountingLane(options, { packets: perSecond * seconds, steps: STEPS });
  return {
    run: async () => {
      const { count, networkBytes } = await accounting.run(perSecond);
      return { count: (count * (STEPS - START_AND_STOP)) / STEPS, networkBytes };
    },
  };
}

/** Ready to run: sessions are logged in for their Class. `run` ends when the ledger has everything. */
async function accountingLane(
  { postgresUrl, target, seconds, say, signal }: RadiusOptions,
  { packets: turns, steps }: { readonly packets: number; readonly steps: number },
) {
  const plan = new AccountingPlan({
    run: runName(),
    customers: target.customers,
    active: target.customers.count,
    steps,
  });
  const sessions = plan.sessionsOf(turns);
  const classOf = await collectClasses({ target, plan, sessions, say, signal });
  const signer = createSigner(Buffer.from(target.secret));
  const writer = createPacketWriter(signer);
  const book = new AckBook(sessions * steps);
  const packets = createAccountingPackets({ ...target, writer, plan, classOf, now: Date.now });
  const counting = new CountingFeeder(new FreshAccounting({ packets, plan, book, turns }));
  return {
    run: async (perSecond: number): Promise<Done> => {
      const since = new Date();
      await runGenerator({
        host: target.host,
        port: target.acctPort,
        nasAddress: target.nasAddress,
        signer,
        lanes: [{ feeder: counting, slots: SLOTS, allowance: paced(perSecond) }],
        durationMs: seconds * 1_000,
        signal,
      });
      signal.throwIfAborted();
      const expected = book.ackedCount;
      await withLedger(postgresUrl, (ledger) => waitForDrain({ ledger, since, expected, say, signal }));
      return { count: expected, networkBytes: counting.bytes };
    },
  };
}

function paced(perSecond: number): (elapsedMs: number) => number {
  return (elapsedMs) => (elapsedMs / 1_000) * perSecond;
}

/** Counts what its feeder sends and is answered; what is sent again is not counted. */
class CountingFeeder implements Feeder {
  bytes = 0;
  readonly #feeder: Feeder;

  constructor(feeder: Feeder) {
    this.#feeder = feeder;
  }

  load(slot: Parameters<Feeder['load']>[0]): boolean {
    if (!this.#feeder.load(slot)) return false;
    this.bytes += slot.length + IP_AND_UDP_BYTES;
    return true;
  }

  answered(slot: Parameters<Feeder['load']>[0], reply: Buffer, tookMs: number): void {
    this.bytes += reply.length + IP_AND_UDP_BYTES;
    this.#feeder.answered(slot, reply, tookMs);
  }

  lost(slot: Parameters<Feeder['load']>[0]): void {
    this.#feeder.lost(slot);
  }
}
