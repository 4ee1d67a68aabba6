import { createAccessPackets } from '../radius/access-packets.js';
import { FreshLogins, type FreshLogin } from '../radius/fresh-logins.js';
import { runGenerator, type GeneratorResult } from '../radius/generator.js';
import { createSigner } from '../radius/one-shot.js';
import { createPacketWriter } from '../radius/packet-writer.js';
import type { RadiusTarget } from '../radius/target.js';

export interface StormOptions {
  readonly target: RadiusTarget;
  readonly loginOf: (turn: number) => FreshLogin | undefined;
  readonly allowance: (elapsedMs: number) => number;
  readonly slots: number;
  readonly onAnswer?: (turn: number, reply: Buffer) => void;
  readonly durationMs?: number;
  readonly signal: AbortSignal;
}

/** RouterOS as we configure it: 3 s, 3 tries. */
const RETRY = { afterMs: 3_000, tries: 3 };
const LIMIT_MS = 600_000;

/** Logins of many customers at the pace that `allowance` gives. */
export async function runStorm(options: StormOptions): Promise<{ logins: FreshLogins; result: GeneratorResult }> {
  const { target, loginOf, onAnswer, slots, allowance, signal } = options;
  const signer = createSigner(Buffer.from(target.secret));
  const packets = createAccessPackets({ ...target, writer: createPacketWriter(signer), method: 'pap' });
  const logins = new FreshLogins({ packets, loginOf, ...(onAnswer === undefined ? {} : { onAnswer }) });
  const result = await runGenerator({
    host: target.host,
    port: target.authPort,
    nasAddress: target.nasAddress,
    signer,
    lanes: [{ feeder: logins, slots, allowance }],
    durationMs: options.durationMs ?? LIMIT_MS,
    retry: RETRY,
    signal,
  });
  return { logins, result };
}
