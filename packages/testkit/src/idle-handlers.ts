import type { JobHandlers } from '@turnpike/queue/runner.js';

/** Handlers that do nothing, for tests that care about one job. */
export function idleHandlers(own: Partial<JobHandlers>): JobHandlers {
  const idle = async (): Promise<void> => undefined;
  return {
    'provisioning.run': idle,
    'router.probe': idle,
    'router.read': idle,
    'settings.check': idle,
    'subject.refresh': idle,
    'subjects.refresh': idle,
    'payment.request': idle,
    'payment.message': idle,
    'payments.reconcile': idle,
    'payments.parked': idle,
    'ledger.check': idle,
    'notification.send': idle,
    'notices.sweep': idle,
    'reports.mail': idle,
    'alerts.sweep': idle,
    'figures.keep': idle,
    'session.rate': idle,
    'session.disconnect': idle,
    'routers.poll': idle,
    'entitlements.expire': idle,
    'sessions.stale': idle,
    'outbox.sweep': idle,
    'subjects.rebuild': idle,
    'provisioning.sweep': idle,
    'nas.retire-secrets': idle,
    housekeeping: idle,
    ...own,
  };
}
