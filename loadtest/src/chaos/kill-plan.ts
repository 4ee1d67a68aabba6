import type { CrashLabel } from '@turnpike/core/crash-points.js';

type StoreName = 'postgres' | 'redis durable' | 'redis cache';
/** What is seen from outside: somebody was just asked to pay, or has just paid. */
export type Moment = 'a phone was asked' | 'a phone paid';

export type PlannedKill =
  /** Whichever process passes the point next dies there. */
  | { readonly kind: 'point'; readonly label: CrashLabel }
  /** `meanwhile`: points that are passed only because the store is away; whoever passes them dies too. */
  | {
      readonly kind: 'store';
      readonly store: StoreName;
      readonly moment: Moment;
      readonly meanwhile?: readonly CrashLabel[];
    };

const point = (label: CrashLabel): PlannedKill => ({ kind: 'point', label });

/** Twenty kills: every crash point once, and each store, in turns. The outbox's relay is part of the worker. */
export const KILL_PLAN: readonly PlannedKill[] = [
  point('api.payment-committed'),
  point('worker.request-claimed'),
  point('relay.row-taken'),
  { kind: 'store', store: 'redis durable', moment: 'a phone was asked' },
  point('worker.push-answered'),
  point('api.callback-arrived'),
  point('worker.settlement-uncommitted'),
  {
    kind: 'store',
    store: 'postgres',
    moment: 'a phone paid',
    meanwhile: ['api.callback-parked', 'worker.parked-moved'],
  },
  point('relay.queued'),
  point('worker.message-taken'),
  point('api.callback-kept'),
  point('worker.settlement-committed'),
  { kind: 'store', store: 'redis cache', moment: 'a phone paid' },
  point('worker.query-answered'),
  point('relay.marked'),
  point('worker.snapshot-unwritten'),
  point('worker.push-noted'),
  point('worker.snapshot-written'),
];

/** As the result names it. */
export function nameOf(kill: PlannedKill): string {
  return kill.kind === 'point' ? kill.label : `${kill.store}, as ${kill.moment}`;
}

/** How many die in all. */
export function countKills(plan: readonly PlannedKill[]): number {
  return plan.reduce((sum, kill) => sum + 1 + (kill.kind === 'store' ? (kill.meanwhile?.length ?? 0) : 0), 0);
}

/** The first `times` of the plan, and again from its beginning when it is shorter. */
export function planOf(times: number): PlannedKill[] {
  const chosen: PlannedKill[] = [];
  for (let turn = 0; countKills(chosen) < times; turn += 1) {
    const next = KILL_PLAN[turn % KILL_PLAN.length];
    if (next !== undefined) chosen.push(next);
  }
  return chosen;
}
