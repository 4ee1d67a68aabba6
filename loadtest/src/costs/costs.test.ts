import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CAPACITY_PAGE, makeCapacityPage } from './capacity-page.js';
import { capacityPage, needsLines } from './capacity-text.js';
import { type Assumptions, needsOf } from './needs.js';
import { type Costs, costFigures, costsOf, ofRoles, type Role, type UnitCost } from './unit-costs.js';

const only = (role: Role, seconds: number) => ofRoles((each) => (each === role ? seconds : 0));
const unit = (role: Role, seconds: number, networkBytes: number, diskBytes: number): UnitCost => ({
  cpu: only(role, seconds),
  networkBytes,
  diskBytes,
});

const COSTS: Costs = {
  of: {
    login: unit('radius-auth', 0.001, 300, 500),
    interim: unit('radius-acct', 0.0006, 400, 250),
    cachedRead: unit('api', 0.0001, 20_000, 0),
    uncachedRead: unit('api', 0.002, 2_000, 0),
    purchase: unit('worker', 0.1, 5_000, 8_000),
    router: unit('worker', 1, 0, 100_000),
  },
  idle: only('worker', 0.05),
  interimSeconds: 60,
};

const ASSUMED: Assumptions = {
  onlineShare: 0.1,
  loginsPerOnlineHour: 3.6,
  requestsPerOnlineMinute: 2,
  cachedShare: 0.5,
  purchasesPerUserDay: 0.36,
  purchasesInBusyHour: 0.1,
  usersPerRouter: 100,
  deploysPerRouterMonth: 2.592,
  meanOfDay: 0.5,
  coreUse: 0.5,
};

test('10 % of the users make the rates, and rates times costs make cores, disk and network', () => {
  const need = needsOf(60_000, COSTS, 60, ASSUMED);
  expect(need.online).toBe(6_000);
  expect(need.rates).toEqual({
    login: 6,
    interim: 100,
    cachedRead: 100,
    uncachedRead: 100,
    purchase: expect.closeTo(0.6, 9),
    router: expect.closeTo(0.0006, 9),
  });
  expect(need.coresOfRoles['radius-acct']).toBeCloseTo(0.06 / 0.5);
  expect(need.coresOfRoles.worker).toBeCloseTo((0.05 + 0.06 + 0.0006) / 0.5);
  expect(need.cores).toBeCloseTo((0.006 + 0.06 + 0.01 + 0.2 + 0.05 + 0.06 + 0.0006) / 0.5);
  const bytesOfDay = 6 * 43_200 * 500 + 100 * 43_200 * 250 + 21_600 * 8_000 + 0.0006 * 43_200 * 100_000;
  expect(need.diskBytesPerDay).toBeCloseTo(bytesOfDay, 0);
  expect(need.diskBytesPerMonth).toBeCloseTo(30 * bytesOfDay, 0);
  expect(need.networkBitsPerSecond).toBeCloseTo((6 * 300 + 100 * 400 + 100 * 22_000 + 0.6 * 5_000) * 8, 0);
});

test('interims every five minutes are a fifth of those every minute', () => {
  expect(needsOf(60_000, COSTS, 300, ASSUMED).rates.interim).toBe(20);
});

test('what is written down as figures is read back as the same costs', () => {
  const read = costsOf(costFigures(COSTS));
  expect(read.of.login.cpu['radius-auth']).toBeCloseTo(0.001, 9);
  expect(read.of.purchase).toEqual(COSTS.of.purchase);
  expect(read.idle.worker).toBeCloseTo(0.05, 9);
  expect(read.interimSeconds).toBe(60);
  expect(() => costsOf(costFigures(COSTS).slice(1))).toThrow('run the scenario again');
});

test('the page has a row for each number of users and each assumption, and says what is not measured', () => {
  const result = {
    date: '2026-01-02T03:04:05Z',
    machine: { cpu: 'A fast one', cores: 2 },
    figures: costFigures(COSTS),
  };
  const page = capacityPage(result, undefined);
  expect(page).toContain('Not measured yet: `npm run loadtest -- capacity` does.');
  expect(page).toContain('RADIUS_INTERIM_SECONDS=300');
  for (const users of ['1,000', '100,000', '1,000,000']) {
    expect(page).toContain(`| ${users} `);
    expect(needsLines(COSTS).join('\n')).toContain(users);
  }
  expect(capacityPage(undefined, result)).toContain('Not measured yet: `npm run loadtest -- costs` does.');
});

test('deploy/capacity.md is what the results say: npm run loadtest -- capacity-page', async () => {
  const root = path.resolve(import.meta.dirname, '..', '..', '..');
  expect(await readFile(path.join(root, CAPACITY_PAGE), 'utf8')).toBe(await makeCapacityPage(root));
});
