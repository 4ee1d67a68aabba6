import type { Metrics } from '@turnpike/runtime/metrics.js';
import type { Sample } from '@turnpike/runtime/sampling.js';
import { queueNames, type QueueName } from './catalogue.js';
import type { Producer } from './producer.js';
import type { QueueInspector } from './inspector.js';

interface Deps {
  readonly counts: Producer['counts'];
  readonly oldestWaiting: QueueInspector['oldestWaiting'];
  readonly nowMs: () => number;
  readonly metrics: Metrics;
}

/** How full the queues are. Several workers say the same: take one, do not add up. */
export function queueFigures({ counts, oldestWaiting, nowMs, metrics }: Deps): Sample {
  const jobs = metrics.gauge('turnpike_worker_queue_jobs', 'Jobs in a queue, by state', ['queue', 'state']);
  const oldest = metrics.gauge(
    'turnpike_worker_queue_oldest_seconds',
    'How long the job has waited that has waited longest; 0: none waits',
    ['queue'],
  );
  return {
    name: 'queues',
    take: async () => {
      const [all, since] = await Promise.all([counts(), oldestWaiting()]);
      for (const { name, waiting, active, delayed, failed } of all) {
        const states = { waiting, active, delayed, failed };
        for (const [state, count] of Object.entries(states)) jobs.set({ queue: name, state }, count);
      }
      for (const queue of queueNames) oldest.set({ queue }, waitedSeconds(since, queue, nowMs()));
    },
    forget: () => {
      jobs.reset();
      oldest.reset();
    },
  };
}

function waitedSeconds(since: ReadonlyMap<QueueName, number>, queue: QueueName, nowMs: number): number {
  const sinceMs = since.get(queue);
  return sinceMs === undefined ? 0 : Math.max(0, nowMs - sinceMs) / 1_000;
}
