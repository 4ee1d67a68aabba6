import { ATTR, CODE } from '@turnpike/radius/attributes.js';
import { createAccessPackets } from './access-packets.js';
import type { AccountingPlan } from './accounting-plan.js';
import { FreshLogins } from './fresh-logins.js';
import { runGenerator } from './generator.js';
import { createSigner } from './one-shot.js';
import { createPacketWriter } from './packet-writer.js';
import { copyOf } from './reply-check.js';
import { tellRate } from './tell-rate.js';
import type { RadiusTarget, Say } from './target.js';

const LOGIN_LIMIT_MS = 600_000;
const WINDOW = 64;

/**
 * Logs every session of the plan in and gives what the Accepts said as Class. Rejects when a login is refused or unanswered.
 */
export async function collectClasses(options: {
  readonly target: RadiusTarget;
  readonly plan: AccountingPlan;
  readonly sessions: number;
  readonly say: Say;
  readonly signal: AbortSignal;
}): Promise<(session: number) => Buffer | undefined> {
  const { target, plan, sessions } = options;
  const classes: (Buffer | undefined)[] = Array.from({ length: sessions });
  const signer = createSigner(Buffer.from(target.secret));
  const packets = createAccessPackets({ ...target, writer: createPacketWriter(signer), method: 'pap' });
  const logins = new FreshLogins({
    packets,
    loginOf: (session) => (session < sessions ? { customer: plan.customerOf(session) } : undefined),
    onAnswer: (session, reply) => {
      if (reply[0] === CODE.ACCESS_ACCEPT) classes[session] = copyOf(reply, ATTR.CLASS);
    },
  });
  const stop = tellRate(options.say, () => logins.tally.accepted);
  try {
    await runGenerator({
      host: target.host,
      port: target.authPort,
      nasAddress: target.nasAddress,
      signer,
      lanes: [{ feeder: logins, slots: WINDOW, allowance: () => Infinity }],
      durationMs: LOGIN_LIMIT_MS,
      signal: options.signal,
    });
  } finally {
    stop();
  }
  options.signal.throwIfAborted();
  const { accepted, rejected, lost } = logins.tally;
  if (accepted < sessions) {
    throw new Error(`${accepted} of ${sessions} sessions could log in (${rejected} rejected, ${lost} unanswered)`);
  }
  return (session) => classes[session];
}
