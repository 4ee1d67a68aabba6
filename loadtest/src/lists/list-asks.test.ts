import { z } from 'zod';
import { contractEndpoints } from '@turnpike/testkit/contract-endpoints.js';
import { bulks } from './bulk-rows.js';
import { asksOf } from './list-asks.js';
import { idAtShare } from './lists-ids.js';

const sizes = { customers: 10_000, sessions: 100_000, payments: 10_000 };
const at = new Date('2026-03-01T12:00:00Z');
const asks = asksOf({
  at,
  sizes,
  accountId: 'a',
  customerIds: ['c'],
  routerIds: ['r'],
  packageIds: ['p'],
  batchIds: ['b'],
  paymentIds: ['y'],
  voucherCode: 'ABCD-EFGH-JKLM',
});

/** Short by nature, or about one thing that the load does not have. */
const NOT_ASKED = [
  '/agent/voucher-sales',
  '/agent/wallet',
  '/agents/{id}/wallet',
  '/audit/verify',
  '/me/sessions',
  '/operators/{id}/sessions',
];

test('every list of the contracts that has pages is asked, or known here not to be', async () => {
  const endpoints = await contractEndpoints();
  const pages = endpoints.filter(({ query }) => query instanceof z.ZodObject && 'cursor' in query.shape);
  const asked = new Set(asks.map(({ endpoint }) => endpoint));
  const missing = pages.map(({ path }) => path).filter((path) => !asked.has(path) && !NOT_ASKED.includes(path));
  expect(missing).toEqual([]);
});

test('asks for other values each time, and never leaves a parameter in the path', () => {
  let next = 0;
  const pick = (many: number): number => (next += 1) % many;
  for (const { path } of asks) expect(path(pick)).toMatch(/^\/[^{}]*$/);
  const phone = asks.find(({ name }) => name === '/payments q=phone');
  expect(phone?.path(pick)).not.toBe(phone?.path(pick));
});

test('each has a name of its own', () => {
  const names = asks.map(({ name }) => name);
  expect(names.filter((name, place) => names.indexOf(name) !== place)).toEqual([]);
});

test('ids sort by time as those of the service do', () => {
  const shares = [0, 0.01, 0.5, 0.99, 1].map((share) => idAtShare(at, share));
  expect([...shares].sort()).toEqual(shares);
  expect(idAtShare(at, 1)).toBe('019ca945-0a00-7000-8000-000000000000');
});

test('the rows of a table are as many as asked for', () => {
  const rows = new Map(bulks(sizes).map((bulk) => [bulk.table, bulk.rows]));
  expect(rows.get('session')).toBe(100_000);
  expect(rows.get('customer')).toBe(10_000);
  expect(rows.get('payment')).toBe(10_000);
});
