import type { Backoff } from '@turnpike/core/backoff.js';
import { z } from 'zod';

export const queueNames = [
  'provisioning',
  'routers',
  'reads',
  'access',
  'sessions',
  'payments',
  'notifications',
  'sweeps',
] as const;
export type QueueName = (typeof queueNames)[number];

type Nothing = Record<string, never>;

/** What each job carries: ids only, never secrets; the row in PostgreSQL is the truth. */
export interface JobPayloads {
  'provisioning.run': { runId: string };
  'router.probe': { routerId: string };
  /** Somebody waits for the result: see requester.ts. `services`: for `plan`, as the API validated them. */
  'router.read': {
    routerId: string;
    read: 'interfaces' | 'details' | 'connectivity' | 'traffic' | 'plan';
    services?: unknown[];
  };
  /** Somebody waits for the result as well. `sealed`: what to try out, for this job alone. */
  'settings.check': { checkId: string; sealed: string };
  'subject.refresh': { customerId: string };
  /** The same for many at once. */
  'subjects.refresh': { customerIds: string[] };
  'session.disconnect': { commandId: string };
  'session.rate': { commandId: string };
  /** Asks the provider for the money. */
  'payment.request': { paymentId: string };
  /** Makes sense of what a provider said. */
  'payment.message': { messageId: string };
  'notification.send': { notificationId: string };
  'payments.reconcile': Nothing;
  /** Moves what providers said while PostgreSQL was away. */
  'payments.parked': Nothing;
  /** Proves the books. */
  'ledger.check': Nothing;
  'notices.sweep': Nothing;
  /** Mails the reports that are due. */
  'reports.mail': Nothing;
  /** Looks for what operators have to know of. */
  'alerts.sweep': Nothing;
  /** Keeps the figures of the days that are over. */
  'figures.keep': Nothing;
  'routers.poll': Nothing;
  'entitlements.expire': Nothing;
  'sessions.stale': Nothing;
  'outbox.sweep': Nothing;
  'subjects.rebuild': Nothing;
  'provisioning.sweep': Nothing;
  'nas.retire-secrets': Nothing;
  housekeeping: Nothing;
}

export type JobName = keyof JobPayloads;
export type JobPayload<Name extends JobName> = JobPayloads[Name];

/** How one kind of job is run. */
export interface JobDefinition<Payload = unknown> {
  readonly queue: QueueName;
  readonly payload: z.ZodType<Payload>;
  /** Tries in all, the first included. */
  readonly attempts: number;
  /** Delay between tries. */
  readonly backoff: Backoff;
  /** When the handler's signal aborts, ms after it started. */
  readonly deadlineMs: number;
  /** Scheduled jobs: run every so many ms; one that still runs in this process is not started again. */
  readonly everyMs?: number;
}

const id = z.uuid();
const none = z.strictObject({});
const QUICK: Backoff = { firstMs: 500, factor: 2, maxMs: 30_000, jitter: 0.5 };
/** Somebody else's server, which may be down for minutes. */
const PROVIDER: Backoff = { firstMs: 2_000, factor: 3, maxMs: 600_000, jitter: 0.5 };
const ROUTER: Backoff = { firstMs: 2_000, factor: 2, maxMs: 60_000, jitter: 0.5 };

/** The next run is the retry. */
function scheduled(queue: QueueName, everyMs: number, deadlineMs: number): JobDefinition<Nothing> {
  return { queue, payload: none, attempts: 1, backoff: QUICK, deadlineMs, everyMs };
}

export const jobs: { readonly [Name in JobName]: JobDefinition<JobPayloads[Name]> } = {
  'provisioning.run': {
    queue: 'provisioning',
    payload: z.strictObject({ runId: id }),
    attempts: 8,
    backoff: ROUTER,
    deadlineMs: 300_000,
  },
  'router.probe': {
    queue: 'routers',
    payload: z.strictObject({ routerId: id }),
    attempts: 2,
    backoff: QUICK,
    deadlineMs: 20_000,
  },
  'router.read': {
    queue: 'reads',
    payload: z.strictObject({
      routerId: id,
      read: z.enum(['interfaces', 'details', 'connectivity', 'traffic', 'plan']),
      services: z.array(z.unknown()).optional(),
    }),
    attempts: 1,
    backoff: QUICK,
    deadlineMs: 20_000,
  },
  'settings.check': {
    queue: 'reads',
    payload: z.strictObject({ checkId: id, sealed: z.string().max(10_000) }),
    attempts: 1,
    backoff: QUICK,
    deadlineMs: 25_000,
  },
  'subject.refresh': {
    queue: 'access',
    payload: z.strictObject({ customerId: id }),
    attempts: 12,
    backoff: QUICK,
    deadlineMs: 10_000,
  },
  'subjects.refresh': {
    queue: 'access',
    payload: z.strictObject({ customerIds: z.array(id).min(1).max(1_000) }),
    attempts: 12,
    backoff: QUICK,
    deadlineMs: 10_000,
  },
  'session.disconnect': {
    queue: 'sessions',
    payload: z.strictObject({ commandId: id }),
    attempts: 8,
    backoff: ROUTER,
    deadlineMs: 90_000,
  },
  'session.rate': {
    queue: 'sessions',
    payload: z.strictObject({ commandId: id }),
    attempts: 8,
    backoff: ROUTER,
    deadlineMs: 90_000,
  },
  'payment.request': {
    queue: 'payments',
    payload: z.strictObject({ paymentId: id }),
    attempts: 4,
    backoff: QUICK,
    // Longer than a store takes to come back: what the provider said must be written down.
    deadlineMs: 120_000,
  },
  'payment.message': {
    queue: 'payments',
    payload: z.strictObject({ messageId: id }),
    attempts: 20,
    backoff: QUICK,
    deadlineMs: 10_000,
  },
  'notification.send': {
    queue: 'notifications',
    payload: z.strictObject({ notificationId: id }),
    attempts: 8,
    backoff: PROVIDER,
    deadlineMs: 20_000,
  },
  'payments.reconcile': scheduled('sweeps', 5_000, 60_000),
  'payments.parked': scheduled('sweeps', 2_000, 30_000),
  'ledger.check': scheduled('sweeps', 3_600_000, 120_000),
  'notices.sweep': scheduled('sweeps', 60_000, 60_000),
  'reports.mail': scheduled('sweeps', 30_000, 30_000),
  'alerts.sweep': scheduled('sweeps', 15_000, 30_000),
  'figures.keep': scheduled('sweeps', 300_000, 240_000),
  'routers.poll': scheduled('sweeps', 30_000, 120_000),
  'entitlements.expire': scheduled('sweeps', 2_000, 30_000),
  'sessions.stale': scheduled('sweeps', 30_000, 30_000),
  'outbox.sweep': scheduled('sweeps', 10_000, 30_000),
  'subjects.rebuild': scheduled('sweeps', 5_000, 120_000),
  'provisioning.sweep': scheduled('sweeps', 10_000, 30_000),
  'nas.retire-secrets': scheduled('sweeps', 30_000, 30_000),
  housekeeping: scheduled('sweeps', 3_600_000, 300_000),
};

export function isJobName(name: string): name is JobName {
  return Object.hasOwn(jobs, name);
}

export function definitionOf(name: JobName): JobDefinition {
  return jobs[name];
}

/** Jobs that run by the clock, with their period. */
export function scheduledJobs(): { name: JobName; everyMs: number }[] {
  return Object.keys(jobs)
    .filter(isJobName)
    .flatMap((name) => {
      const { everyMs } = definitionOf(name);
      return everyMs === undefined ? [] : [{ name, everyMs }];
    });
}
