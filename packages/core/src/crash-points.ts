/**
 * Where a process may be made to die on the way of a purchase: each name says what has been done by then and what has not. The
 * list is closed, so that a proof can say of each that it held.
 */
export const crashLabels = [
  // The API.
  'api.payment-committed',
  'api.callback-arrived',
  'api.callback-kept',
  'api.callback-parked',
  // The relay of the outbox.
  'relay.row-taken',
  'relay.queued',
  'relay.marked',
  // The worker.
  'worker.request-claimed',
  'worker.push-answered',
  'worker.push-noted',
  'worker.message-taken',
  'worker.settlement-uncommitted',
  'worker.settlement-committed',
  'worker.query-answered',
  'worker.parked-moved',
  'worker.snapshot-unwritten',
  'worker.snapshot-written',
] as const;
export type CrashLabel = (typeof crashLabels)[number];

/** Handed to whatever does more than one thing that has to be done together. */
export interface CrashPoints {
  /** Does not return when the process is to die here. */
  pass(label: CrashLabel): void;
}

/** Nobody dies: what production has, and tests that are about something else. */
export const noCrashPoints: CrashPoints = { pass: () => undefined };
