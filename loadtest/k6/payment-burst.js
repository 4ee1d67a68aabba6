// RATE purchases a second over the portal for SECONDS. Each phone is asked by the M-Pesa stand-in and pays; the buyer's page
// asks what became of it until it may log in.
import http from 'k6/http';
import { check, sleep } from 'k6';
import exec from 'k6/execution';
import { Trend } from 'k6/metrics';
import { data, sharedBuyers } from './data.js';
import { thresholdsOf } from './slo.js';
import { tally, tellWrong } from './tally.js';

export { handleSummary } from './tally.js';

const purchased = new Trend('purchase_ms', true);
const paid = new Trend('paid_s');
const { apiUrl, packageId } = data;
const buyers = sharedBuyers();
const POLL_S = 1;
const GIVEN_UP_S = Number(__ENV.GIVEN_UP_SECONDS);
const RATE = Number(__ENV.RATE);

export const options = {
  summaryTrendStats: ['avg', 'med', 'p(95)', 'p(99)', 'max'],
  scenarios: {
    burst: {
      executor: 'constant-arrival-rate',
      rate: RATE,
      timeUnit: '1s',
      duration: `${__ENV.SECONDS}s`,
      preAllocatedVUs: Math.ceil(RATE * 8),
      maxVUs: Math.ceil(RATE * 60),
      gracefulStop: `${GIVEN_UP_S + 5}s`,
    },
  },
  thresholds: thresholdsOf('payment-burst'),
};

function ask(name, expected, send) {
  const response = send();
  const right = response.status === expected;
  tally(response.timings.duration, right ? 'right' : 'wrong');
  if (!right) tellWrong(name, response);
  return right ? response : undefined;
}

export default function buy() {
  const { msisdn, mac, address } = buyers[exec.scenario.iterationInTest % buyers.length];
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': address };
  const how = (name) => ({ headers, tags: { name } });
  const startedMs = Date.now();
  const taken = ask('POST /portal/purchases', 201, () =>
    http.post(`${apiUrl}/portal/purchases`, JSON.stringify({ packageId, msisdn, mac }), how('POST /portal/purchases')),
  );
  if (taken !== undefined) purchased.add(taken.timings.duration);
  const isIn = taken !== undefined && untilPaid(taken.json('reference'), how('GET /portal/purchases/{reference}'));
  if (isIn) paid.add((Date.now() - startedMs) / 1000);
  check(isIn, { 'a purchase ended in a login': (fine) => fine });
}

function untilPaid(reference, how) {
  for (let waited = 0; waited < GIVEN_UP_S; waited += POLL_S) {
    sleep(POLL_S);
    const seen = ask('GET /portal/purchases/{reference}', 200, () =>
      http.get(`${apiUrl}/portal/purchases/${reference}`, how),
    );
    if (seen === undefined) continue;
    const { status, credentials } = seen.json();
    if (status === 'paid' && credentials !== undefined) return true;
    if (status === 'failed') return false;
  }
  return false;
}
