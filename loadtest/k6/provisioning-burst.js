// Hotspot deploys to all simulated routers at once: who takes part asks for one, then for how it goes until it is over.
import http from 'k6/http';
import { check, sleep } from 'k6';
import exec from 'k6/execution';
import { Counter, Trend } from 'k6/metrics';
import { data } from './data.js';
import { thresholdsOf } from './slo.js';
import { tally, tellWrong } from './tally.js';

export { handleSummary } from './tally.js';

const accepted = new Trend('accepted_ms', true);
const active = new Trend('active_s');
const failed = new Counter('runs_failed');
const { apiUrl, token, burstRouterIds } = data;
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
const SERVICES = JSON.stringify({ services: [{ type: 'hotspot', interfaces: ['ether3'] }] });
const POLL_S = 0.5;
const GIVEN_UP_S = Number(__ENV.GIVEN_UP_SECONDS);

export const options = {
  summaryTrendStats: ['avg', 'med', 'p(95)', 'p(99)', 'max'],
  scenarios: {
    burst: {
      executor: 'per-vu-iterations',
      vus: burstRouterIds.length,
      iterations: 1,
      maxDuration: `${GIVEN_UP_S + 30}s`,
    },
  },
  thresholds: thresholdsOf('provisioning-burst'),
};

function ask(name, send) {
  const response = send({ headers, tags: { name } });
  const right = response.status >= 200 && response.status < 300;
  tally(response.timings.duration, right ? 'right' : 'wrong');
  if (!right) tellWrong(name, response);
  return right ? response : undefined;
}

export default function deploy() {
  const router = `${apiUrl}/routers/${burstRouterIds[exec.vu.idInTest - 1]}`;
  const startedMs = Date.now();
  const taken = ask('POST deploy-service-config', (how) => http.post(`${router}/deploy-service-config`, SERVICES, how));
  if (taken !== undefined) accepted.add(taken.timings.duration);
  const state = taken === undefined ? 'refused' : untilOver(router);
  const right = state === 'succeeded';
  if (right) active.add((Date.now() - startedMs) / 1000);
  else failed.add(1);
  check(right, { 'the deploy succeeded': (fine) => fine });
}

function untilOver(router) {
  for (let waited = 0; waited < GIVEN_UP_S; waited += POLL_S) {
    sleep(POLL_S);
    const answer = ask('GET provisioning-status', (how) => http.get(`${router}/provisioning-status`, how));
    if (answer === undefined || answer.json('finishedAt') === null) continue;
    const state = answer.json('state');
    if (state !== 'succeeded') tellWrong('GET provisioning-status', answer);
    return state;
  }
  return 'never over';
}
