// One round of ten requests, as a busy console, its scripts and phones at the portal make them: seven reads that are cached, two
// that are not, one write. The order is fixed, so each run asks the same.
import http from 'k6/http';
import { check } from 'k6';
import { data } from './data.js';
import { keptApart } from './slo.js';
import { tally, tellWrong } from './tally.js';

const KINDS = ['cached', 'uncached', 'write'];
const CACHED_A_ROUND = 7;
// After these cached reads comes one that is not.
const UNCACHED_AFTER = [2, 5];
const REQUESTS_A_ROUND = 10;
const RUN = __ENV.RUN;
const { apiUrl, token, packageIds, routerIds, customerIds, paymentIds, usernames, addresses } = data;
const authorization = `Bearer ${token}`;
const names = [];

function params(kind, name, more) {
  names.push(name);
  return { headers: { authorization, 'content-type': 'application/json' }, tags: { kind, name }, ...more };
}

/** An endless walk over a list, a step of its own in each virtual user. */
function walk(list, step) {
  let at = __VU * 7919;
  return () => {
    at += step;
    return list[at % list.length];
  };
}

function read(kind, name, path) {
  const asked = params(kind, name);
  return () => http.get(path(), asked);
}

const always = (path) => {
  const url = apiUrl + path;
  return () => url;
};
const around = (before, next, after) => () => apiUrl + before + next() + after;

// Limits of the portal are for each address: phones come from many.
const portalPhones = addresses.map((address) => ({
  headers: { 'x-forwarded-for': address },
  tags: { kind: 'cached', name: 'GET /portal/packages' },
}));
names.push('GET /portal/packages');
const portalUrl = `${apiUrl}/portal/packages`;
const nextPhone = walk(portalPhones, 1);

const cached = [
  read('cached', 'GET /packages', always('/packages?active=true')),
  () => http.get(portalUrl, nextPhone()),
  read('cached', 'GET /routers', always('/routers?limit=20')),
  read('cached', 'GET /routers/{id}', around('/routers/', walk(routerIds, 1), '')),
  read('cached', 'GET /dashboard/stats', always('/dashboard/stats')),
];

const uncached = [
  read('uncached', 'GET /customers (a page)', around('/customers?limit=20&cursor=', walk(customerIds, 31), '')),
  read('uncached', 'GET /customers/{id}', around('/customers/', walk(customerIds, 37), '')),
  read('uncached', 'GET /sessions (a page)', around('/sessions?limit=20&cursor=', walk(data.sessionCursors, 41), '')),
  read('uncached', 'GET /payments (a page)', around('/payments?limit=20&cursor=', walk(paymentIds, 43), '')),
  read('uncached', 'GET /customers/{id}/entitlements', around('/customers/', walk(customerIds, 47), '/entitlements')),
  read('uncached', 'GET /customers (a search)', around('/customers?limit=20&q=', walk(usernames, 53), '')),
];

let made;
let serial = 0;
const CREATE = params('write', 'POST /customers', { responseType: 'text' });
const CHANGE = params('write', 'PATCH /customers/{id}');
const SUSPEND = params('write', 'POST /customers/{id}/suspend');
const REPRICE = params('write', 'PATCH /packages/{id}');
const REMOVE = params('write', 'DELETE /customers/{id}');
const SWAHILI = JSON.stringify({ language: 'sw' });
const nextPackage = walk(packageIds, 1);

/** The life of a customer; each virtual user has one at a time. */
const writes = [
  () => {
    serial += 1;
    // Long enough that none of them could be a voucher code.
    const username = `load_test_customer_${RUN}_${__VU}_${serial}`;
    const response = http.post(`${apiUrl}/customers`, JSON.stringify({ username }), CREATE);
    made = response.status === 201 ? response.json('id') : undefined;
    return response;
  },
  () => http.patch(`${apiUrl}/customers/${made}`, SWAHILI, CHANGE),
  () => http.post(`${apiUrl}/customers/${made}/suspend`, null, SUSPEND),
  () => http.patch(`${apiUrl}/packages/${nextPackage()}`, JSON.stringify({ priceMinor: 1000 + serial }), REPRICE),
  () => http.del(`${apiUrl}/customers/${made}`, null, REMOVE),
];

// Each virtual user begins somewhere else.
let cachedAt = __VU;
let uncachedAt = __VU;
let writeAt = 0;

export function round() {
  let right = true;
  for (let turn = 0; turn < CACHED_A_ROUND; turn += 1) {
    right = judge(cached[cachedAt % cached.length]()) && right;
    cachedAt += 1;
    if (UNCACHED_AFTER.includes(turn)) {
      right = judge(uncached[uncachedAt % uncached.length]()) && right;
      uncachedAt += 1;
    }
  }
  right = judge(writes[writeAt % writes.length]()) && right;
  // Without a customer there is nothing to change: begins anew.
  writeAt = made === undefined ? 0 : writeAt + 1;
  check(right, { 'every answer of the round was right': (fine) => fine });
}

/** 503 that says when to come again is an answer, where `BUSY_IS_FINE`; it is counted apart. */
const busyIsFine = __ENV.BUSY_IS_FINE === 'yes';

function judge(response) {
  const { status } = response;
  if (status >= 200 && status < 300) {
    tally(response.timings.duration, 'right');
    return true;
  }
  if (busyIsFine && isSaidBusy(response)) {
    tally(response.timings.duration, 'turned away');
    return true;
  }
  // k6 has been told to end and lets go of what is under way.
  if (response.error === 'context canceled') return true;
  tally(response.timings.duration, 'wrong');
  tellWrong(response.request.url, response);
  return false;
}

function isSaidBusy({ status, headers }) {
  return status === 503 && headers['Retry-After'] !== undefined;
}

/** Percentiles of each kind and of each request in the summary. */
export const keptNames = {
  ...keptApart('http_req_duration', 'kind', KINDS),
  ...keptApart('http_req_duration', 'name', names),
};
export const roundsOf = (rate) => Math.max(1, Math.round(rate / REQUESTS_A_ROUND));

/** Virtual users to begin with: as many as answers within a twentieth of a second need, at least a few. */
export const usersFor = (rate) => Math.max(4, Math.ceil(roundsOf(rate) / 5));

/** RATE requests a second for SECONDS, however long the answers take. */
export const steady = () => ({
  executor: 'constant-arrival-rate',
  rate: roundsOf(Number(__ENV.RATE)),
  timeUnit: '1s',
  duration: `${__ENV.SECONDS}s`,
  preAllocatedVUs: usersFor(Number(__ENV.RATE)),
  maxVUs: Math.max(200, usersFor(Number(__ENV.RATE))),
  gracefulStop: '20s',
});

/** What all that make such rounds have in common: as little work for each request as k6 can do. */
export const frugal = {
  discardResponseBodies: true,
  noConnectionReuse: false,
  insecureSkipTLSVerify: false,
  systemTags: ['name', 'status', 'expected_response'],
  summaryTrendStats: ['avg', 'med', 'p(95)', 'p(99)', 'max'],
};
