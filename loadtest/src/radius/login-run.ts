import { createAccessPackets, type LoginMethod } from './access-packets.js';
import { runGenerator, type GeneratorResult } from './generator.js';
import type { LoginTally } from './login-tally.js';
import { createSigner } from './one-shot.js';
import { createPacketWriter } from './packet-writer.js';
import { PreparedLogins } from './prepared-logins.js';
import { tellRate } from './tell-rate.js';
import type { RadiusTarget, Say } from './target.js';

export interface LoginRunOptions {
  readonly target: RadiusTarget;
  readonly method: LoginMethod;
  readonly seconds: number;
  /** Requests with a right password in flight at once. */
  readonly window: number;
  /** Share of requests with a wrong password, 0 to 0.5. They have places of their own: a reject is delayed on purpose. */
  readonly wrongShare: number;
  readonly say: Say;
  readonly signal: AbortSignal;
}

export interface LoginRun extends GeneratorResult {
  readonly right: LoginTally;
  readonly wrong: LoginTally;
  readonly retransmitted: number;
  readonly lost: number;
}

/** Longer than a service remembers a packet: after that the same packets may come again. */
const DECK_SECONDS = 35;
/** Faster than anything we measure; a service that is faster still ends the run early, which is told. */
const MOST_PER_SECOND: Readonly<Record<LoginMethod, number>> = { pap: 30_000, chap: 30_000, mschap: 20_000 };
const WRONG_SLOTS = 1024;

/** Logins in a closed loop. */
export async function runLogins(options: LoginRunOptions): Promise<LoginRun> {
  const { target, method, seconds, window, wrongShare, say } = options;
  const signer = createSigner(Buffer.from(target.secret));
  const packets = createAccessPackets({
    writer: createPacketWriter(signer),
    customers: target.customers,
    method,
    nasAddress: target.nasAddress,
  });
  const count = Math.ceil(Math.min(seconds, DECK_SECONDS) * MOST_PER_SECOND[method]);
  const common = { packets, customers: target.customers.count };
  const right = new PreparedLogins({ ...common, slots: window, slotsBefore: 0, count, wrongPassword: false });
  const wrong = new PreparedLogins({
    ...common,
    slots: WRONG_SLOTS,
    slotsBefore: window,
    count: wrongShare > 0 ? count * wrongShare : 1,
    wrongPassword: true,
  });
  const ratio = wrongShare / (1 - wrongShare);
  const stop = tellRate(say, () => right.tally.latencies.count + wrong.tally.latencies.count);
  try {
    const result = await runGenerator({
      host: target.host,
      port: target.authPort,
      nasAddress: target.nasAddress,
      signer,
      lanes: [
        { feeder: right, slots: window, allowance: () => Infinity },
        { feeder: wrong, slots: WRONG_SLOTS, allowance: () => right.sent * ratio },
      ],
      durationMs: seconds * 1000,
      identifiersPerSlot: 4,
      signal: options.signal,
    });
    const retransmitted = result.lanes.reduce((sum, lane) => sum + lane.retransmitted, 0);
    const lost = result.lanes.reduce((sum, lane) => sum + lane.lost, 0);
    return { ...result, right: right.tally, wrong: wrong.tally, retransmitted, lost };
  } finally {
    stop();
  }
}
