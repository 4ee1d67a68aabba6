import { rateAt, type BurstRate } from '@turnpike/core/fair-use.js';
import type { Tx } from '@turnpike/db/database.js';
import { addManyToOutbox } from '@turnpike/db/outbox.store.js';
import { rateLimit } from '../access/access-reply.js';
import { insertCommands } from './session-command.store.js';
import { findRateTerms, findToldOtherwise } from './session-rate.store.js';

export interface RateChangeRequest {
  readonly entitlementId: string;
  /** Fair-use step that the NAS must be told, 0: the full rate. */
  readonly step: number;
  /** Why, for people. */
  readonly reason: string;
  /** Operator id, or `system`. */
  readonly actor: string;
}

/**
 * Orders the NASes to bring the running sessions of an entitlement to the rate of a fair-use step: one command and one job
 * for each that was told another step, in the caller's transaction. Gives the ids of the commands. A session that has
 * such an order under way keeps it, and one that is being ended is left alone.
 */
export type RateChanger = (tx: Tx, request: RateChangeRequest) => Promise<string[]>;

export const changeRates: RateChanger = async (tx, { entitlementId, step, reason, actor }) => {
  const terms = await findRateTerms(tx, entitlementId);
  if (terms === undefined) return [];
  const rate = rateAt(terms, step);
  const sessionIds = await findToldOtherwise(tx, entitlementId, step);
  return orderRates(
    tx,
    sessionIds.map((sessionId) => ({ sessionId, rate, fairUseStep: step, reason, actor })),
  );
};

export interface RateOrder {
  readonly sessionId: string;
  readonly rate: BurstRate;
  /** The step this rate belongs to; null: a rate that somebody chose. */
  readonly fairUseStep: number | null;
  readonly reason: string;
  readonly actor: string;
}

/** Commands of kind `rate` and their jobs. */
export async function orderRates(tx: Tx, orders: readonly RateOrder[]): Promise<string[]> {
  const ids = await insertCommands(
    tx,
    orders.map(({ sessionId, rate, fairUseStep, reason, actor }) => ({
      sessionId,
      kind: 'rate',
      params: paramsOf(rate, fairUseStep),
      reason,
      requestedBy: actor,
    })),
  );
  await addManyToOutbox(
    tx,
    'session.rate',
    ids.map((commandId) => ({ commandId })),
  );
  return ids;
}

/** A rate without a burst is told by its two numbers. */
function paramsOf(rate: BurstRate, fairUseStep: number | null) {
  const { downKbps, upKbps, burst } = rate;
  const plain = { downKbps, upKbps, fairUseStep };
  return burst === undefined ? plain : { ...plain, burst: { ...burst }, rateLimit: rateLimit(rate) };
}
