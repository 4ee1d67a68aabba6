import type { Clock } from '@turnpike/core/clock.js';
import type { Tx } from '@turnpike/db/database.js';
import { findUnproven, noteProof, type UnprovenSession } from './session-proof.store.js';
import { PROVEN_END, type SessionRemoval } from './session-removal.js';

export interface SessionProofDeps {
  readonly db: Tx;
  readonly removal: SessionRemoval;
  readonly clock: Clock;
  /** How long a Stop may take after the NAS said that a session is gone. Default 30 s. */
  readonly graceSeconds?: number;
}

const BATCH = 500;
const ROUTERS_AT_ONCE = 20;
/** A router that could not be asked is left alone for so long: it would be dialled with every sweep for a day. */
const REST_MS = 300_000;

/**
 * Asks routers themselves about sessions whose end was promised and never reported, or ordered and never answered: one that
 * the router does not list is proven gone, one that it still has is taken out there.
 */
export function createSessionProof({ db, removal, clock, graceSeconds = 30 }: SessionProofDeps) {
  const restingUntil = new Map<string, number>();

  return async (signal: AbortSignal): Promise<void> => {
    const nowMs = clock.monotonicMs();
    for (const [routerId, untilMs] of restingUntil) if (untilMs <= nowMs) restingUntil.delete(routerId);
    const unproven = await findUnproven(db, graceSeconds, [...restingUntil.keys()], BATCH);
    const routers = new Set([...new Set(unproven.map(({ routerId }) => routerId))].slice(0, ROUTERS_AT_ONCE));
    const proofs = await Promise.all(
      unproven.filter(({ routerId }) => routers.has(routerId)).map((session) => prove(session, signal)),
    );
    const found = proofs.flat();
    if (found.length > 0) await noteProof(db, found);
  };

  async function prove(session: UnprovenSession, signal: AbortSignal) {
    const { kind } = await removal.remove(session, signal);
    if (kind !== 'failed') return [{ commandId: session.commandId, ...PROVEN_END[kind], at: clock.now() }];
    restingUntil.set(session.routerId, clock.monotonicMs() + REST_MS);
    return [];
  }
}
