import type { JobHandlers } from '@turnpike/queue/runner.js';
import type { AlertSweep } from './alert-sweep.js';

export function alertJobs({ sweep }: { sweep: AlertSweep }): Pick<JobHandlers, 'alerts.sweep'> {
  return {
    'alerts.sweep': async (_nothing, { signal }) => {
      await sweep(signal);
    },
  };
}
