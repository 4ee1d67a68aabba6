import { board, figure, graph, levels, part } from './board.mjs';

const HTTP = 'turnpike_api_http_request_duration_seconds';
const quantile = (q, by = '') => `histogram_quantile(${q}, sum by (le${by}) (rate(${HTTP}_bucket[5m])))`;

export const api = board({
  uid: 'api',
  title: 'API',
  about: 'Rate, errors and duration of the HTTP requests, by route pattern; caches; the processes.',
  panels: [
    part('Requests'),
    graph({
      title: 'Requests a second, by status',
      about: 'Streams of live events are not among them.',
      queries: [[`sum by (status) (rate(${HTTP}_count[5m]))`, '{{status}}']],
      unit: 'reqps',
      stack: true,
    }),
    graph({
      title: 'Duration',
      about: 'From the first byte of a request to the end of its answer.',
      queries: [
        [quantile(0.5), 'p50'],
        [quantile(0.95), 'p95'],
        [quantile(0.99), 'p99'],
      ],
      unit: 's',
      thresholds: levels(0.3, 1),
      runbook: 'process-slow',
    }),
    graph({
      title: 'Slowest routes, p95',
      about: 'Ten of them, with at least one request in ten seconds.',
      queries: [
        [
          `topk(10, histogram_quantile(0.95, sum by (le, method, route) (rate(${HTTP}_bucket[5m]))) and on (method, route) sum by (method, route) (rate(${HTTP}_count[5m])) > 0.1)`,
          '{{method}} {{route}}',
        ],
      ],
      unit: 's',
      runbook: 'process-slow',
    }),
    graph({
      title: 'Busiest routes',
      about: 'Ten of them, requests a second.',
      queries: [[`topk(10, sum by (method, route) (rate(${HTTP}_count[5m])))`, '{{method}} {{route}}']],
      unit: 'reqps',
    }),
    graph({
      title: 'Errors of ours, by route',
      about: 'Statuses of 500 and above, requests a second.',
      queries: [
        [
          `sum by (method, route, status) (rate(${HTTP}_count{status=~"5.."}[5m])) > 0`,
          '{{status}} {{method}} {{route}}',
        ],
      ],
      unit: 'reqps',
      runbook: 'api-errors',
    }),
    graph({
      title: 'Refused requests, by status',
      about:
        'What the asker got wrong: 401 not signed in, 403 not allowed, 409 conflict, 422 not valid, 429 too often.',
      queries: [[`sum by (status) (rate(${HTTP}_count{status=~"4.."}[5m]))`, '{{status}}']],
      unit: 'reqps',
    }),
    part('Cache'),
    graph({
      title: 'p95 of cached reads',
      about: 'Lists of packages and routers, the dashboard, the portal.',
      queries: [['turnpike:cached_reads:p95_5m', 'p95']],
      unit: 's',
      thresholds: levels(0.05, 0.1),
      runbook: 'scaling',
      w: 8,
    }),
    graph({
      title: 'Hits, by cache',
      about: 'Share of the reads of ten minutes.',
      queries: [
        [
          'sum by (cache) (rate(turnpike_cache_requests_total{outcome="hit"}[10m])) / sum by (cache) (rate(turnpike_cache_requests_total[10m]))',
          '{{cache}}',
        ],
      ],
      unit: 'percentunit',
      max: 1,
      thresholds: levels(0.8, 0.6, false),
      runbook: 'scaling',
      w: 8,
    }),
    graph({
      title: 'Reads a second, by cache and outcome',
      about: 'Of all processes that have the cache.',
      queries: [['sum by (cache, outcome) (rate(turnpike_cache_requests_total[5m]))', '{{cache}} {{outcome}}']],
      unit: 'reqps',
      stack: true,
      w: 8,
    }),
    part('Processes'),
    graph({
      title: 'Open requests',
      about: 'Streams of live events are among them: one for each console that is open.',
      queries: [['turnpike_api_http_requests_in_flight', 'api {{instance}}']],
      w: 8,
    }),
    graph({
      title: 'Event loop lag, p99',
      about: 'How late everything in the process is.',
      queries: [['nodejs_eventloop_lag_p99_seconds{role="api"}', 'api {{instance}}']],
      unit: 's',
      thresholds: levels(0.1, 0.25),
      runbook: 'process-slow',
      w: 8,
    }),
    graph({
      title: 'Memory',
      about: 'Resident; above 512 MiB a process is restarted.',
      queries: [['process_resident_memory_bytes{role="api"}', 'api {{instance}}']],
      unit: 'bytes',
      thresholds: levels(430e6, 500e6),
      runbook: 'process-slow',
      w: 8,
    }),
    figure({
      title: 'Sign-ins refused, 15 min',
      about: 'Wrong passwords and codes of operators.',
      queries: [['sum(increase(turnpike_api_logins_total{outcome=~"refused|limited"}[15m])) or vector(0)']],
      decimals: 0,
      thresholds: levels(20, 100),
      w: 6,
    }),
    graph({
      title: 'Sign-ins of operators',
      about: 'By outcome, a minute.',
      queries: [['sum by (outcome) (rate(turnpike_api_logins_total[5m])) * 60', '{{outcome}}']],
      w: 9,
      h: 6,
    }),
    graph({
      title: 'Time in garbage collection',
      about: 'Share of the time.',
      queries: [['sum by (role, instance) (rate(nodejs_gc_duration_seconds_sum[5m]))', '{{role}} {{instance}}']],
      unit: 'percentunit',
      thresholds: levels(0.05, 0.15),
      runbook: 'process-slow',
      w: 9,
      h: 6,
    }),
  ],
});
