// A stadium opens its doors: COUNT phones within SECONDS, each with the page, the packages and what it has left; those that
// have come ask for their session or their purchase every POLL_SECONDS, until POLLING_SECONDS after the first came.
import http from 'k6/http';
import { check } from 'k6';
import exec from 'k6/execution';
import { data } from './data.js';
import { keptApart, thresholdsOf } from './slo.js';
import { tally, tellWrong } from './tally.js';

export { handleSummary } from './tally.js';

const { apiUrl, portalUrl, routerIds, addresses, references } = data;
const COUNT = Number(__ENV.COUNT);
const SECONDS = Number(__ENV.SECONDS);
const AT_A_ROUTER = 50;
// One in so many polls is for a purchase, the others for what is left.
const PURCHASE_ONE_IN = 3;
const NAMES = ['GET /portal/', 'GET /portal/packages', 'GET /portal/session', 'GET /portal/purchases/{reference}'];
const [PAGE, PACKAGES, SESSION, PURCHASE] = NAMES;

export const options = {
  discardResponseBodies: true,
  systemTags: ['name', 'status', 'expected_response'],
  summaryTrendStats: ['avg', 'med', 'p(95)', 'p(99)', 'max'],
  scenarios: {
    arrivals: {
      exec: 'arrive',
      executor: 'constant-arrival-rate',
      rate: Math.ceil(COUNT / SECONDS),
      timeUnit: '1s',
      duration: `${SECONDS}s`,
      preAllocatedVUs: 100,
      maxVUs: 400,
      gracefulStop: '20s',
    },
    polls: {
      exec: 'poll',
      executor: 'ramping-arrival-rate',
      startRate: 1,
      timeUnit: '1s',
      stages: [
        { target: Math.ceil(COUNT / Number(__ENV.POLL_SECONDS)), duration: `${SECONDS}s` },
        { target: Math.ceil(COUNT / Number(__ENV.POLL_SECONDS)), duration: `${__ENV.POLLING_SECONDS}s` },
      ],
      preAllocatedVUs: 60,
      maxVUs: 300,
      gracefulStop: '20s',
    },
  },
  thresholds: { ...thresholdsOf('portal-rush'), ...keptApart('http_req_duration', 'name', NAMES) },
};

/** Phones behind one router share its address. */
function phone(number) {
  const place = Math.floor(number / AT_A_ROUTER);
  const hex = number.toString(16).padStart(8, '0').toUpperCase();
  return {
    address: addresses[place % addresses.length],
    router: routerIds[place % routerIds.length],
    mac: `02:C0:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}:${hex.slice(6)}`,
  };
}

function get(name, url, address) {
  const response = http.get(url, { headers: { 'x-forwarded-for': address }, tags: { name } });
  const right = response.status === 200;
  tally(response.timings.duration, right ? 'right' : 'wrong');
  if (!right) tellWrong(name, response);
  return right;
}

export function arrive() {
  const { address, router, mac } = phone(exec.scenario.iterationInTest);
  const page = get(PAGE, `${portalUrl}?nas=${router}&mac=${encodeURIComponent(mac)}&ip=10.5.50.9`, address);
  const packages = get(PACKAGES, `${apiUrl}/portal/packages`, address);
  const session = get(SESSION, `${apiUrl}/portal/session`, address);
  check(page && packages && session, { 'a phone was served': (served) => served });
}

export function poll() {
  const number = exec.scenario.iterationInTest;
  const { address } = phone(number % COUNT);
  if (number % PURCHASE_ONE_IN !== 0) return get(SESSION, `${apiUrl}/portal/session`, address);
  return get(PURCHASE, `${apiUrl}/portal/purchases/${references[number % references.length]}`, address);
}
