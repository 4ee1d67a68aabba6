import { REJECT_REASONS } from '@turnpike/features/access/access-decision.js';
import type { AccessOutcome } from '@turnpike/features/access/access.radius.js';
import type { SubjectSource } from '@turnpike/features/access/subject-directory.js';
import type { IntakePath } from '@turnpike/features/accounting/accounting-intake.js';
import type { AccountingKind } from '@turnpike/features/accounting/accounting-record.js';
import { messageOf } from '@turnpike/core/app-error.js';
import type { RadiusObserver } from '@turnpike/radius/radius-observer.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';

export interface RadiusMetrics {
  observer(role: 'auth' | 'acct'): RadiusObserver;
  onOutcome(outcome: AccessOutcome): void;
  onRead(source: SubjectSource): void;
  onKept(kind: AccountingKind, path: IntakePath): void;
}

export interface RadiusMetricsOptions {
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly onStranger: (address: string) => void;
}

/** Counters of the RADIUS process. Labels are closed sets; names of users and addresses never become labels. */
export function createRadiusMetrics({ metrics, logger, onStranger }: RadiusMetricsOptions): RadiusMetrics {
  const outcomes = metrics.counter('turnpike_radius_access_decisions_total', 'Access decisions by outcome', [
    'outcome',
  ]);
  const counted = new Map(['accept', ...REJECT_REASONS].map((outcome) => [outcome, outcomes.labels(outcome)]));
  const reads = metrics.counter('turnpike_radius_subject_reads_total', 'Subjects read, by store', ['source']);
  const fromRedis = reads.labels('redis');
  const fromPostgres = reads.labels('postgres');
  const kept = metrics.counter('turnpike_radius_accounting_records_total', 'Accounting records made durable', [
    'kind',
    'path',
  ]);
  return {
    observer: (role) => createObserver(role, { metrics, logger, onStranger }),
    onOutcome: (outcome) => counted.get(outcome)?.inc(),
    onRead: (source) => (source === 'redis' ? fromRedis : fromPostgres).inc(),
    onKept: (kind, path) => kept.inc({ kind, path }),
  };
}

function createObserver(role: 'auth' | 'acct', { metrics, logger, onStranger }: RadiusMetricsOptions): RadiusObserver {
  const received = metrics
    .counter('turnpike_radius_packets_received_total', 'Datagrams received', ['port'])
    .labels(role);
  const dropped = metrics.counter('turnpike_radius_packets_dropped_total', 'Datagrams without a reply, by reason', [
    'port',
    'reason',
  ]);
  const seconds = metrics.histogram('turnpike_radius_reply_seconds', 'Time from arrival to reply', ['port', 'code']);
  const duplicates = metrics.counter('turnpike_radius_duplicates_total', 'Retransmissions recognised', [
    'port',
    'kind',
  ]);
  const errors = metrics.counter('turnpike_radius_errors_total', 'Requests that failed and sockets errors', [
    'port',
    'kind',
  ]);
  const byCode = new Map<number, { observe(value: number): void }>();

  function timerOf(code: number): { observe(value: number): void } {
    const known = byCode.get(code) ?? seconds.labels(role, String(code));
    byCode.set(code, known);
    return known;
  }

  return {
    received: () => received.inc(),
    dropped(reason, address) {
      dropped.inc({ port: role, reason });
      if (reason === 'unknown-nas') onStranger(address);
    },
    replied: (code, took) => timerOf(code).observe(took),
    duplicate: (kind) => duplicates.inc({ port: role, kind }),
    handlerError(error) {
      errors.inc({ port: role, kind: 'handler' });
      logger.debug({ port: role, reason: messageOf(error) }, 'a RADIUS request got no reply');
    },
    socketError(error) {
      errors.inc({ port: role, kind: 'socket' });
      logger.error({ port: role, reason: messageOf(error) }, 'a RADIUS socket failed');
    },
  };
}
