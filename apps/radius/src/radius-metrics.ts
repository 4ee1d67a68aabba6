import type { Clock } from '@turnpike/core/clock.js';
import { REJECT_REASONS } from '@turnpike/core/reject-reasons.js';
import type { AccessOutcome } from '@turnpike/features/access/decision-note.js';
import type { SubjectSource } from '@turnpike/features/access/subject-directory.js';
import type { IntakePath } from '@turnpike/features/accounting/accounting-intake.js';
import type { AccountingKind } from '@turnpike/features/accounting/accounting-record.js';
import { messageOf } from '@turnpike/core/app-error.js';
import type { RadiusObserver } from '@turnpike/radius/radius-observer.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';
import { createRateMeter } from '@turnpike/runtime/rate-meter.js';

export interface RadiusMetrics {
  observer(role: 'auth' | 'acct'): RadiusObserver;
  onOutcome(outcome: AccessOutcome): void;
  onRead(source: SubjectSource): void;
  onKept(kind: AccountingKind, path: IntakePath): void;
  /** An accounting packet with an Event-Timestamp of long ago. */
  onStale(): void;
}

export interface RadiusMetricsOptions {
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Draws its own conclusions from the same packets. */
  readonly nasWatch: Pick<RadiusObserver, 'verified' | 'dropped'>;
}

/** Counters of the RADIUS process. Labels are closed sets; names of users and addresses never become labels. */
export function createRadiusMetrics(options: RadiusMetricsOptions): RadiusMetrics {
  const { metrics, clock } = options;
  const meter = createRateMeter(clock);
  metrics.gauge('turnpike_radius_requests_per_second', 'Datagrams a second over the last 10 s', [], (gauge) =>
    gauge.set(meter.perSecond()),
  );
  const outcomes = metrics.counter('turnpike_radius_access_decisions_total', 'Access decisions by outcome', [
    'outcome',
  ]);
  const counted = new Map(['accept', ...REJECT_REASONS].map((outcome) => [outcome, outcomes.labels(outcome)]));
  const reads = metrics.counter('turnpike_radius_subject_reads_total', 'Subjects read, by where from', ['source']);
  const readsBySource = {
    memory: reads.labels('memory'),
    redis: reads.labels('redis'),
    postgres: reads.labels('postgres'),
  };
  const stale = metrics
    .counter(
      'turnpike_radius_accounting_stale_total',
      'Accounting packets older than clocks may differ: sent again',
      [],
    )
    .labels();
  const kept = metrics.counter('turnpike_radius_accounting_records_total', 'Accounting records made durable', [
    'kind',
    'path',
  ]);
  return {
    observer: (role) => createObserver(role, options, meter.mark),
    onOutcome: (outcome) => counted.get(outcome)?.inc(),
    onRead: (source) => readsBySource[source].inc(),
    onKept: (kind, path) => kept.inc({ kind, path }),
    onStale: () => stale.inc(),
  };
}

function createObserver(
  role: 'auth' | 'acct',
  { metrics, logger, nasWatch }: RadiusMetricsOptions,
  mark: () => void,
): RadiusObserver {
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
    received() {
      received.inc();
      mark();
    },
    dropped(reason, address, nasId) {
      dropped.inc({ port: role, reason });
      nasWatch.dropped(reason, address, nasId);
    },
    verified: nasWatch.verified,
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
