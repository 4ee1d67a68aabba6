import { NotPrepared } from '../refusals.js';
import { createAccessPackets, type LoginMethod } from './access-packets.js';
import { FreshLogins } from './fresh-logins.js';
import { runGenerator } from './generator.js';
import { createSigner } from './one-shot.js';
import { createPacketWriter } from './packet-writer.js';
import type { RadiusTarget } from './target.js';

/** Tries the first and the last customer; rejects with what to run when one of them cannot log in. */
export async function requireCustomers(target: RadiusTarget, method: LoginMethod, signal: AbortSignal): Promise<void> {
  const signer = createSigner(Buffer.from(target.secret));
  const packets = createAccessPackets({ ...target, writer: createPacketWriter(signer), method });
  const tried = [0, target.customers.count - 1];
  const logins = new FreshLogins({
    packets,
    loginOf: (turn) => (turn < tried.length ? { customer: tried[turn] ?? 0 } : undefined),
  });
  await runGenerator({
    host: target.host,
    port: target.authPort,
    nasAddress: target.nasAddress,
    signer,
    lanes: [{ feeder: logins, slots: 1, allowance: () => Infinity }],
    durationMs: 15_000,
    retry: { afterMs: 1_500, tries: 3 },
    signal,
  });
  signal.throwIfAborted();
  if (logins.tally.accepted === tried.length) return;
  const why =
    logins.tally.lost > 0
      ? `no answer for the NAS ${target.nasAddress} (unknown to the service, or another secret)`
      : `${target.customers.username.replace('%d', String(target.customers.count - 1))} cannot log in`;
  throw new NotPrepared(`${why}\nmake the customers first: ${prepareCommand(target, method)}`);
}

function prepareCommand({ customers, nasAddress }: RadiusTarget, method: LoginMethod): string {
  const nas = nasAddress === '127.99.0.1' ? '' : ` --nas-address ${nasAddress}`;
  const service = method === 'mschap' ? ` --service pppoe --username ${customers.username}` : '';
  return `npm run loadtest:prepare -- --customers ${customers.count}${service}${nas}`;
}
