import { fairUseStepAt } from '@turnpike/core/fair-use.js';
import type { Tx } from '@turnpike/db/database.js';
import { noTracing, type Tracing } from '@turnpike/runtime/tracing/tracing.js';
import type { RateChanger } from '../sessions/rate-changer.js';
import type { SessionEnder } from '../sessions/session-ender.js';
import type { LedgerRow } from './session-ledger.store.js';
import { exhaustUsedUp, fairUseOf, type Usage, type UsageDelta } from './usage.store.js';

export interface LimitDeps {
  readonly endSessions: SessionEnder;
  readonly changeRates: RateChanger;
  /** Moves the customer's revision and has the RADIUS snapshot rewritten. */
  readonly touchCustomer: (tx: Tx, customerId: string) => Promise<unknown>;
  /** Default: nothing is traced. */
  readonly tracing?: Tracing | undefined;
}

export interface NewUsage {
  /** Of the entitlements that have limits, after the deltas. */
  readonly usages: readonly Usage[];
  readonly deltas: readonly UsageDelta[];
  /** Sessions just opened. */
  readonly opened: readonly LedgerRow[];
}

/** What is used up ends; where usage has passed a fair-use step, or a session began at the rate of another, rates change. */
export async function settleLimits(tx: Tx, usage: NewUsage, deps: LimitDeps): Promise<void> {
  const ended = await endUsedUp(tx, usage.usages, deps);
  await changeRates(tx, usage, ended, deps);
}

async function endUsedUp(tx: Tx, usages: readonly Usage[], deps: LimitDeps): Promise<Set<string>> {
  const over = usages.filter(isUsedUp).map((usage) => usage.entitlementId);
  const exhausted = await exhaustUsedUp(tx, over);
  for (const { entitlementId, customerId, traceparent: parent, ofData } of exhausted) {
    const attributes = { 'turnpike.entitlement.id': entitlementId, 'turnpike.customer.id': customerId };
    await (deps.tracing ?? noTracing).within('entitlement exhaust', { parent, attributes }, async () => {
      await deps.touchCustomer(tx, customerId);
      const reason = ofData ? 'data is used up' : 'time online is used up';
      await deps.endSessions(tx, { entitlementId, reason, actor: 'system' });
    });
  }
  return new Set(over);
}

function isUsedUp({ quotaOctets, usedOctets, onlineSeconds, usedSeconds }: Usage): boolean {
  return (
    (quotaOctets !== null && usedOctets >= quotaOctets) || (onlineSeconds !== null && usedSeconds >= onlineSeconds)
  );
}

async function changeRates(
  tx: Tx,
  { usages, deltas, opened }: NewUsage,
  ended: ReadonlySet<string>,
  deps: LimitDeps,
): Promise<void> {
  const told = new Map<string, number[]>();
  for (const { entitlementId, fairUseStep } of opened) {
    if (entitlementId !== null) told.set(entitlementId, [...(told.get(entitlementId) ?? []), fairUseStep]);
  }
  const known = new Map(usages.map((usage) => [usage.entitlementId, usage]));
  // A session that begins has used nothing yet, so its entitlement is not among the usages.
  const others = await fairUseOf(
    tx,
    [...told.keys()].filter((id) => !known.has(id)),
  );
  const added = new Map(deltas.map((delta) => [delta.entitlementId, delta.octets]));
  for (const { entitlementId, fairUse, usedOctets } of [...usages, ...others]) {
    if (fairUse === null || ended.has(entitlementId)) continue;
    const step = fairUseStepAt(fairUse, usedOctets);
    const crossed = step !== fairUseStepAt(fairUse, usedOctets - (added.get(entitlementId) ?? 0n));
    const toldOther = told.get(entitlementId)?.some((each) => each !== step) ?? false;
    if (!crossed && !toldOther) continue;
    const reason = step === 0 ? 'the full rate applies' : `fair-use step ${step} is reached`;
    await deps.changeRates(tx, { entitlementId, step, reason, actor: 'system' });
  }
}
