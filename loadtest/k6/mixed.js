// Mixed authenticated reads and writes, as a busy console and its scripts make them: 90 % hot reads, 10 % writes.
// API_URL and API_TOKEN come from the environment; RATE is iterations a second, DURATION how long.
import { check } from 'k6';
import http from 'k6/http';
import exec from 'k6/execution';
import { Trend } from 'k6/metrics';

const reads = new Trend('cached_read_ms', true);
const writes = new Trend('write_ms', true);
const base = __ENV.API_URL;
const params = { headers: { authorization: `Bearer ${__ENV.API_TOKEN}`, 'content-type': 'application/json' } };
const hot = ['/packages', '/routers', '/dashboard/stats', '/packages?active=true', '/routers?limit=20'];

export const options = {
  scenarios: {
    mixed: {
      executor: 'constant-arrival-rate',
      rate: Number(__ENV.RATE || 300),
      timeUnit: '1s',
      duration: __ENV.DURATION || '30s',
      preAllocatedVUs: 150,
      maxVUs: 300,
    },
  },
  thresholds: {
    http_req_failed: ['rate==0'],
    checks: ['rate==1'],
    cached_read_ms: ['p(95)<100'],
  },
  summaryTrendStats: ['avg', 'med', 'p(95)', 'p(99)', 'max'],
};

export default function mixed() {
  const turn = exec.scenario.iterationInTest;
  if (turn % 10 === 9) return write(turn);
  const path = hot[turn % hot.length];
  const response = http.get(base + path, { ...params, tags: { name: path } });
  reads.add(response.timings.duration);
  check(response, { 'read answers 200': (r) => r.status === 200 });
}

function write(turn) {
  const body = JSON.stringify({ username: `k6-${__ENV.RUN}-${turn}` });
  const created = http.post(`${base}/customers`, body, { ...params, tags: { name: 'POST /customers' } });
  writes.add(created.timings.duration);
  if (!check(created, { 'create answers 201': (r) => r.status === 201 })) return;
  const removed = http.del(`${base}/customers/${created.json('id')}`, null, {
    ...params,
    tags: { name: 'DELETE /customers' },
  });
  check(removed, { 'delete answers 204': (r) => r.status === 204 });
}
