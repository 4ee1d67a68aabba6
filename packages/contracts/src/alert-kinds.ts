export const alertSeverities = ['warning', 'critical'] as const;
export type AlertSeverity = (typeof alertSeverities)[number];

export const alertSubjects = ['router', 'site', 'queue', 'system'] as const;
export type AlertSubject = (typeof alertSubjects)[number];

/** What a value and its threshold count; `none`: it is so or it is not, and there is nothing to set. */
export const alertUnits = ['seconds', 'minutes', 'hours', 'percent', 'count', 'none'] as const;
export type AlertUnit = (typeof alertUnits)[number];

export const alertKindNames = [
  'router_offline',
  'router_silent_radius',
  'router_wrong_secret',
  'site_down',
  'payments_failing',
  'payments_waiting',
  'review_waiting',
  'mpesa_unreachable',
  'sms_failing',
  'login_failures',
  'session_orders_failing',
  'queue_stuck',
  'jobs_failed',
  'process_missing',
  'ledger_unbalanced',
  'audit_chain_broken',
] as const;
export type AlertKind = (typeof alertKindNames)[number];

/** What holds of a kind until an operator says otherwise. */
export interface AlertTerms {
  readonly severity: AlertSeverity;
  readonly subject: AlertSubject;
  readonly unit: AlertUnit;
  /** From this value on it is one. */
  readonly threshold: number;
  /** What the threshold may be set to. */
  readonly least: number;
  readonly most: number;
  /** How long it must not be seen before it is over, minutes. */
  readonly clearMinutes: number;
}

const yesOrNo = { unit: 'none', threshold: 1, least: 1, most: 1 } as const;

/** The one table of what operators are told of. */
export const alertKinds: Readonly<Record<AlertKind, AlertTerms>> = {
  /** Minutes since a router was last reached through its API. */
  router_offline: {
    severity: 'critical',
    subject: 'router',
    unit: 'minutes',
    threshold: 3,
    least: 1,
    most: 1_440,
    clearMinutes: 1,
  },
  /** Minutes since the last RADIUS packet of a router that is reached, and had somebody online. */
  router_silent_radius: {
    severity: 'critical',
    subject: 'router',
    unit: 'minutes',
    threshold: 15,
    least: 5,
    most: 1_440,
    clearMinutes: 0,
  },
  /** A router whose newest packets no secret of ours fits. */
  router_wrong_secret: { severity: 'critical', subject: 'router', ...yesOrNo, clearMinutes: 1 },
  /** Every router of a site that has at least so many of them is offline. */
  site_down: {
    severity: 'critical',
    subject: 'site',
    unit: 'count',
    threshold: 2,
    least: 2,
    most: 1_000,
    clearMinutes: 1,
  },
  /** Share of the M-Pesa payments of the last 15 minutes that failed and were not given up by their payers; of 10 or more. */
  payments_failing: {
    severity: 'critical',
    subject: 'system',
    unit: 'percent',
    threshold: 50,
    least: 5,
    most: 100,
    clearMinutes: 5,
  },
  /** Minutes that the oldest payment without any end has been open. */
  payments_waiting: {
    severity: 'warning',
    subject: 'system',
    unit: 'minutes',
    threshold: 10,
    least: 3,
    most: 1_440,
    clearMinutes: 2,
  },
  /** Hours that the oldest payment in review has waited for a person. */
  review_waiting: {
    severity: 'warning',
    subject: 'system',
    unit: 'hours',
    threshold: 4,
    least: 1,
    most: 168,
    clearMinutes: 0,
  },
  /** Requests in the last 15 minutes that M-Pesa did not answer, when none was answered after them. */
  mpesa_unreachable: {
    severity: 'critical',
    subject: 'system',
    unit: 'count',
    threshold: 3,
    least: 1,
    most: 1_000,
    clearMinutes: 1,
  },
  /** Share of the SMS of the last 15 minutes that did not get through; of 5 or more. */
  sms_failing: {
    severity: 'warning',
    subject: 'system',
    unit: 'percent',
    threshold: 50,
    least: 5,
    most: 100,
    clearMinutes: 5,
  },
  /** RADIUS logins a minute refused for what points at a wrong set-up or at guessing. */
  login_failures: {
    severity: 'warning',
    subject: 'system',
    unit: 'count',
    threshold: 30,
    least: 1,
    most: 100_000,
    clearMinutes: 3,
  },
  /** Sessions that should have been over for two minutes and are not proven to be. */
  session_orders_failing: {
    severity: 'warning',
    subject: 'system',
    unit: 'count',
    threshold: 5,
    least: 1,
    most: 100_000,
    clearMinutes: 2,
  },
  /** Seconds that the oldest job of a queue has waited for a worker. */
  queue_stuck: {
    severity: 'critical',
    subject: 'queue',
    unit: 'seconds',
    threshold: 120,
    least: 10,
    most: 86_400,
    clearMinutes: 1,
  },
  /** Jobs of a queue that failed for good in the last hour. */
  jobs_failed: {
    severity: 'warning',
    subject: 'queue',
    unit: 'count',
    threshold: 10,
    least: 1,
    most: 5_000,
    clearMinutes: 5,
  },
  /** A part of the system that no process does. */
  process_missing: { severity: 'critical', subject: 'system', ...yesOrNo, clearMinutes: 1 },
  /** The books do not balance, by the check of every hour. */
  ledger_unbalanced: { severity: 'critical', subject: 'system', ...yesOrNo, clearMinutes: 0 },
  /** The audit trail was changed, by a walk along it that never ends. */
  audit_chain_broken: { severity: 'critical', subject: 'system', ...yesOrNo, clearMinutes: 0 },
};

export function alertKindOf(text: string): AlertKind | undefined {
  return alertKindNames.find((name) => name === text);
}
