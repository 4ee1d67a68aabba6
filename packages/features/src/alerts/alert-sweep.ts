import { alertKinds, type AlertKind } from '@turnpike/contracts/alert-kinds.js';
import type { LiveEvent } from '@turnpike/contracts/events.js';
import { messageOf } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import type { Prisma } from '@turnpike/db/generated/client.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import { v7 as uuidv7 } from 'uuid';
import { changesOf, type AlertChanges, type FoundOfKind, type Seen } from './alert-changes.js';
import { tellOfAlerts } from './alert-notices.js';
import { allRules, type AlertRule } from './alert-rule.js';
import { listAlertRuleRows } from './alert-rule.store.js';
import { changeAlerts, forgetAlerts, insertAlerts, listUnresolved, noteSeen, tryLockSweep } from './alert.store.js';
import type { Finders, Findings } from './finding.js';

export interface AlertSweepDeps extends Pick<Database, 'transact'> {
  readonly finders: Finders;
  readonly publish: (event: LiveEvent) => Promise<void>;
  /** Tells the outbox relay that there are messages. */
  readonly wake: () => void;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  /** IANA name, for quiet hours. */
  readonly timeZone: string;
  /** Where the console is reached, without a slash at the end. */
  readonly publicUrl: string;
}

export interface SweepOutcome {
  readonly opened: number;
  readonly resolved: number;
  /** Messages stored. */
  readonly told: number;
}

/** Undefined: another worker is at it. */
export type AlertSweep = (signal: AbortSignal) => Promise<SweepOutcome | undefined>;

/**
 * Looks for everything that operators have to know of. What is seen by two sweeps in a row opens, what is not seen for as
 * long as its rule says is over, and both are told once. All in one transaction that one worker at a time gets into, so that
 * several workers make one alert and one message.
 */
export function createAlertSweep(deps: AlertSweepDeps): AlertSweep {
  const { transact, clock, publish, wake } = deps;

  async function find(rule: AlertRule, now: Date): Promise<Findings> {
    try {
      return await deps.finders[rule.kind]({ now, threshold: rule.threshold });
    } catch (error) {
      deps.logger.warn({ kind: rule.kind, reason: messageOf(error) }, 'a kind of alert could not be looked for');
      return 'unknown';
    }
  }

  async function findAll(rules: readonly AlertRule[], now: Date): Promise<FoundOfKind> {
    const found = new Map<AlertKind, { rule: AlertRule; findings: Findings }>();
    // One after the other: together they would take every connection there is.
    for (const rule of rules) {
      if (rule.enabled) found.set(rule.kind, { rule, findings: await find(rule, now) });
    }
    return found;
  }

  return async (signal) => {
    const outcome = await transact(async (tx) => {
      if (!(await tryLockSweep(tx))) return undefined;
      const now = clock.now();
      const rules = allRules(await listAlertRuleRows(tx));
      const found = await findAll(rules, now);
      signal.throwIfAborted();
      const changes = changesOf(await listUnresolved(tx), found, now);
      await store(tx, changes, now);
      const { timeZone, publicUrl } = deps;
      const told = await tellOfAlerts(tx, { rules, now, timeZone, publicUrl });
      return { opened: changes.opened.length, resolved: changes.resolved.length, told };
    });
    if (outcome === undefined) return undefined;
    if (outcome.told > 0) wake();
    if (outcome.opened + outcome.resolved > 0) await publish({ type: 'changed', topic: 'alerts', id: null });
    return outcome;
  };
}

async function store(tx: Tx, changes: AlertChanges, now: Date): Promise<void> {
  const { appeared, seen, opened, cleared, resolved, forgotten } = changes;
  await forgetAlerts(tx, forgotten);
  await insertAlerts(
    tx,
    appeared.map((each) => newAlert(each, now)),
  );
  const again = seen.map(({ row, rule, finding: { value, params } }) => {
    return { id: row.id, value, threshold: rule.threshold, params };
  });
  await noteSeen(tx, again, now);
  await changeAlerts(tx, opened, { openedAt: now });
  await changeAlerts(tx, cleared, { clearSince: now });
  await changeAlerts(tx, resolved, { resolvedAt: now });
}

function newAlert({ rule, finding }: Seen, now: Date): Prisma.AlertCreateManyInput {
  const { severity, subject } = alertKinds[rule.kind];
  return {
    id: uuidv7(),
    kind: rule.kind,
    severity,
    subjectKind: subject,
    subjectId: finding.subjectId,
    routerId: finding.routerId ?? null,
    params: { ...finding.params },
    value: finding.value,
    threshold: rule.threshold,
    firstSeenAt: now,
    lastSeenAt: now,
  };
}
