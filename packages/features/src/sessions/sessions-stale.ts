import type { LiveEvent } from '@turnpike/contracts/events.js';
import type { Database } from '@turnpike/db/database.js';
import type { DeviceLeases } from '../access/device-lease.js';
import { giveUpLost } from './session-command.store.js';
import type { SessionEnder } from './session-ender.js';
import { closeProvenGone, findOverdue } from './session-proof.store.js';
import { markSilentStale, type SweptSession } from './session.store.js';

export interface SessionsStaleDeps extends Pick<Database, 'db' | 'transact'> {
  readonly leases: Pick<DeviceLeases, 'follow'>;
  readonly live: { publish(event: LiveEvent): unknown };
  readonly endSessions: SessionEnder;
  readonly wake: () => void;
  /** Acct-Interim-Interval that the NASes were given, seconds. */
  readonly interimSeconds: number;
  /** How long a Stop may take after the NAS said that a session is gone. Default 30 s. */
  readonly graceSeconds?: number;
  /** Silence after which a stale session is closed. Default 24 h. */
  readonly forgottenSeconds?: number;
  /** When an order that had no effect is repeated. Default 60 s. */
  readonly repeatSeconds?: number;
  /** Age at which an order nobody has finished counts as lost. Default 15 min. */
  readonly lostSeconds?: number;
}

const BATCH = 1_000;
/** In one sweep; what is left waits for the next. */
const MOST_BATCHES = 100;

/**
 * Looks after sessions whose NAS has fallen silent: 2.5 interim intervals without a word make one stale and free its
 * place; what the NAS itself declared gone is closed; orders that had no effect are given again.
 */
export function createSessionsStale(deps: SessionsStaleDeps) {
  const {
    db,
    transact,
    leases,
    live,
    graceSeconds = 30,
    forgottenSeconds = 86_400,
    repeatSeconds = 60,
    lostSeconds = 900,
  } = deps;

  /** `next` gives the next of them in batches, a short one at the end. */
  async function settleAll(next: () => Promise<readonly SweptSession[]>): Promise<void> {
    for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
      const sessions = await next();
      await settle(sessions);
      if (sessions.length < BATCH) return;
    }
  }

  async function settle(sessions: readonly SweptSession[]): Promise<void> {
    for (const { id: sessionId, username, state } of sessions) {
      void live.publish({ type: 'session', sessionId, username, state });
    }
    const freed = sessions.flatMap(({ entitlementId, callingStationId, key }) =>
      entitlementId === null ? [] : [{ entitlementId, device: callingStationId ?? key, sessionKey: key, ended: true }],
    );
    // Leases that cannot be freed now end by themselves at the same age.
    await leases.follow(freed).catch(() => undefined);
  }

  async function repeatOverdue(): Promise<void> {
    const sessions = await findOverdue(db, repeatSeconds, BATCH);
    for (const [reason, sessionIds] of byReason(sessions)) {
      await transact((tx) => deps.endSessions(tx, { sessionIds, reason, actor: 'system' }));
    }
    if (sessions.length > 0) deps.wake();
  }

  return async (): Promise<void> => {
    await settleAll(() => closeProvenGone(db, { graceSeconds, forgottenSeconds, limit: BATCH }));
    await settleAll(() => markSilentStale(db, deps.interimSeconds * 2.5, BATCH));
    await giveUpLost(db, lostSeconds);
    await repeatOverdue();
  };
}

function byReason(sessions: readonly { id: string; reason: string }[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { id, reason } of sessions) groups.set(reason, [...(groups.get(reason) ?? []), id]);
  return groups;
}
