import { board, graph, figure, levels, part } from './board.mjs';

const JOB = 'turnpike_worker_job_duration_seconds';

export const queues = board({
  uid: 'queues',
  title: 'queues',
  about: 'What was decided, from the outbox through the queues to the workers.',
  panels: [
    part('Outbox'),
    figure({
      title: 'Waiting in the outbox',
      about: 'Decided work that is not in a queue yet.',
      queries: [['max(turnpike_worker_outbox_waiting)']],
      thresholds: levels(50, 500),
      runbook: 'queues',
    }),
    figure({
      title: 'Oldest of it',
      about: 'Normally below a second.',
      queries: [['max(turnpike_worker_outbox_oldest_seconds)']],
      unit: 's',
      thresholds: levels(10, 60),
      runbook: 'queues',
    }),
    graph({
      title: 'Brought to the queues',
      about: 'Rows a second, and batches that could not be brought.',
      queries: [
        ['sum(rate(turnpike_worker_outbox_published_total[5m]))', 'brought'],
        ['sum(rate(turnpike_worker_outbox_failures_total[5m]))', 'failed batches'],
      ],
      unit: 'cps',
      runbook: 'queues',
      w: 16,
      h: 6,
    }),
    part('Queues'),
    graph({
      title: 'Jobs that wait',
      about: 'Ready to run.',
      queries: [['max by (queue) (turnpike_worker_queue_jobs{state="waiting"})', '{{queue}}']],
      runbook: 'queues',
    }),
    graph({
      title: 'Oldest job that waits',
      about: 'In payments and access people stand and wait.',
      queries: [['max by (queue) (turnpike_worker_queue_oldest_seconds)', '{{queue}}']],
      unit: 's',
      thresholds: levels(20, 120),
      runbook: 'queues',
    }),
    graph({
      title: 'Time until a worker took a job, p95',
      about: 'First tries only.',
      queries: [
        [
          'histogram_quantile(0.95, sum by (le, queue) (rate(turnpike_worker_job_wait_seconds_bucket[5m])))',
          '{{queue}}',
        ],
      ],
      unit: 's',
      runbook: 'queues',
    }),
    graph({
      title: 'Places that are taken',
      about: 'Share of the jobs that may run at once, all workers together.',
      queries: [['turnpike:job_slots:ratio5m', '{{queue}}']],
      unit: 'percentunit',
      max: 1,
      thresholds: levels(0.6, 0.8),
      runbook: 'scaling',
    }),
    graph({
      title: 'Jobs that failed and are kept',
      about: 'For a week, to be given to the workers again.',
      queries: [['max by (queue) (turnpike_worker_queue_jobs{state="failed"}) > 0', '{{queue}}']],
      runbook: 'queues',
    }),
    graph({
      title: 'Jobs that wait for their time',
      about: 'Retries and appointments.',
      queries: [['max by (queue) (turnpike_worker_queue_jobs{state="delayed"})', '{{queue}}']],
    }),
    part('Jobs'),
    graph({
      title: 'Jobs a second',
      about: 'That ended, by name.',
      queries: [[`topk(12, sum by (job) (rate(${JOB}_count[5m])))`, '{{job}}']],
      unit: 'cps',
      stack: true,
    }),
    graph({
      title: 'Failed tries',
      about: 'In five minutes. Most are tried again.',
      queries: [[`sum by (job) (increase(${JOB}_count{outcome="failed"}[5m])) > 0`, '{{job}}']],
      runbook: 'queues',
    }),
    graph({
      title: 'Slowest jobs, p95',
      about: 'Time that a try takes.',
      queries: [[`topk(10, histogram_quantile(0.95, sum by (le, job) (rate(${JOB}_bucket[15m]))))`, '{{job}}']],
      unit: 's',
    }),
    graph({
      title: 'Given up, and taken over',
      about: 'In five minutes: failed for good; stalled: a worker vanished in the middle of a job.',
      queries: [
        ['sum by (queue) (increase(turnpike_worker_jobs_failed_total[5m])) > 0', '{{queue}} failed for good'],
        ['sum by (queue) (increase(turnpike_worker_jobs_stalled_total[5m])) > 0', '{{queue}} stalled'],
      ],
      runbook: 'queues',
    }),
  ],
});
