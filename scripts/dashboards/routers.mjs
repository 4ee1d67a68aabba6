import { board, figure, graph, levels, part } from './board.mjs';

const OPERATION = 'turnpike_worker_routeros_operation_seconds';

export const routers = board({
  uid: 'routers',
  title: 'routers',
  about: 'The fleet, and our conversations with it.',
  panels: [
    part('Fleet'),
    figure({
      title: 'Online',
      about: 'Answer our API.',
      queries: [['max(turnpike_worker_routers{status="online"})']],
      w: 6,
    }),
    figure({
      title: 'Offline',
      about: 'Did answer before.',
      queries: [['max(turnpike_worker_routers{status="offline"})']],
      thresholds: levels(1, 3),
      runbook: 'routers-offline',
      w: 6,
    }),
    figure({
      title: 'Not yet connected',
      about: 'Wait for their bootstrap.',
      queries: [['max(turnpike_worker_routers{status="pending"})']],
      w: 6,
    }),
    figure({
      title: 'Sessions not proven to be over',
      about: 'Should have ended; the router has not confirmed it.',
      queries: [['max(turnpike_worker_sessions_unended)']],
      thresholds: levels(1, 5),
      runbook: 'sessions-not-ended',
      w: 6,
    }),
    graph({
      title: 'Routers by status',
      about: 'Several at the same second have something in common.',
      queries: [['max by (status) (turnpike_worker_routers)', '{{status}}']],
      stack: true,
      runbook: 'routers-offline',
    }),
    graph({
      title: 'Sessions',
      about: 'Stale ones: nothing has been heard of them for a while.',
      queries: [['max by (service, state) (turnpike_worker_sessions)', '{{service}} {{state}}']],
    }),
    part('RouterOS API'),
    graph({
      title: 'Operations a second',
      about: 'dial: a login; print reads; add, set, unset and remove write.',
      queries: [[`sum by (operation) (rate(${OPERATION}_count[5m]))`, '{{operation}}']],
      unit: 'ops',
      stack: true,
    }),
    graph({
      title: 'Operations that failed',
      about: 'trap: the router refused; login: our password; connect, timeout, connection-lost: the way there.',
      queries: [
        [`sum by (operation, outcome) (rate(${OPERATION}_count{outcome!="ok"}[5m])) > 0`, '{{operation}} {{outcome}}'],
      ],
      unit: 'ops',
      runbook: 'routers-offline',
    }),
    graph({
      title: 'Time of an operation, p95',
      about: 'Those that succeeded.',
      queries: [
        [
          `histogram_quantile(0.95, sum by (le, operation) (rate(${OPERATION}_bucket{outcome="ok"}[5m])))`,
          '{{operation}}',
        ],
      ],
      unit: 's',
      thresholds: levels(1, 5),
    }),
    graph({
      title: 'API sessions that are open',
      about: 'Kept between two looks at a router, so that its log is not filled with logins.',
      queries: [['sum(turnpike_worker_routeros_sessions)', 'open']],
    }),
    part('Deploys'),
    graph({
      title: 'Deploys that ended',
      about: 'In fifteen minutes, by outcome of the try.',
      queries: [
        [
          'sum by (outcome) (increase(turnpike_worker_job_duration_seconds_count{job="provisioning.run"}[15m]))',
          '{{outcome}}',
        ],
      ],
    }),
    graph({
      title: 'Time of a deploy',
      about: 'One try, from reading the router to verifying it.',
      queries: [
        [
          'histogram_quantile(0.5, sum by (le) (rate(turnpike_worker_job_duration_seconds_bucket{job="provisioning.run"}[15m])))',
          'p50',
        ],
        [
          'histogram_quantile(0.95, sum by (le) (rate(turnpike_worker_job_duration_seconds_bucket{job="provisioning.run"}[15m])))',
          'p95',
        ],
      ],
      unit: 's',
      thresholds: levels(10, 60),
    }),
  ],
});
