import type { Tx } from '@turnpike/db/database.js';
import { addManyToOutbox } from '@turnpike/db/outbox.store.js';
import { insertCommands } from './session-command.store.js';
import { findOpenOf } from './session-limits.store.js';

export interface LimitsChangeRequest {
  readonly entitlementId: string;
  /** Why, for people. */
  readonly reason: string;
  /** Operator id, or `system`. */
  readonly actor: string;
}

/**
 * Orders the NASes to let the running sessions of an entitlement go on to its new ends of time and data: one command and one
 * job for each, in the caller's transaction. What the ends are is read when the order is carried out. Gives the ids of the
 * commands.
 */
export async function changeLimits(tx: Tx, { entitlementId, reason, actor }: LimitsChangeRequest): Promise<string[]> {
  return orderLimits(
    tx,
    (await findOpenOf(tx, entitlementId)).map((sessionId) => ({ sessionId, reason, actor })),
  );
}

/** Commands of kind `limits` and their jobs. */
export async function orderLimits(
  tx: Tx,
  orders: readonly { sessionId: string; reason: string; actor: string }[],
): Promise<string[]> {
  const ids = await insertCommands(
    tx,
    orders.map(({ sessionId, reason, actor }) => ({ sessionId, kind: 'limits', reason, requestedBy: actor })),
  );
  await addManyToOutbox(
    tx,
    'session.rate',
    ids.map((commandId) => ({ commandId })),
  );
  return ids;
}
