import type { SalesReport } from '@turnpike/contracts/reports.js';
import { salesGroupings } from '@turnpike/contracts/reports.js';
import { byDesk, openReportsRig, VAT, type ReportsRig } from './reports-rig.js';

let rig: ReportsRig;
let [small, large] = ['', ''];

beforeAll(async () => {
  rig = await openReportsRig();
  small = (await rig.newPackage({ name: 'One hour', priceMinor: 1_000 })).id;
  large = (await rig.newPackage({ name: 'One day', priceMinor: 5_000 })).id;
}, 60_000);
afterAll(() => rig.close());
afterEach(() => rig.forget());

const RANGE = { from: '2026-03-01', to: '2026-03-04' };
const sales = (by: SalesReport['by'], range: { from: string; to: string } = RANGE) =>
  rig.newReports().sales({ ...range, by });

const short = ({ rows }: SalesReport) =>
  rows.map((row) => [row.label, row.payments, row.customers, row.grossMinor, row.refundedMinor, row.commissionMinor]);

/** Three days of a small network; amounts in cents. */
async function threeDays(): Promise<{ agentId: string }> {
  const kilimani = await rig.newPlace('NAS Kilimani', 'Kilimani');
  const lamu = await rig.newPlace('NAS Lamu', 'Lamu');
  const first = await rig.at('2026-03-01T23:59:59.999+03:00', () =>
    rig.buy(small, { msisdn: '0711000001', routerId: kilimani }),
  );
  await rig.at('2026-03-02T00:00:00.000+03:00', () => rig.buy(small, { msisdn: '0711000002', routerId: lamu }));
  const customerId = (await rig.customers.create({ msisdn: '0711000003' }, byDesk)).row.id;
  await rig.at('2026-03-02T10:15:00+03:00', () => rig.service.sell('cash', { customerId, packageId: large }, byDesk));
  // 60 shillings go into the wallet, which is no sale; 50 of them are spent on the third day, which is one.
  await rig.at('2026-03-02T11:00:00+03:00', () =>
    rig.service.enter({ msisdn: '0711000003', receipt: 'TOPUP00001', amountMinor: 6_000 }, byDesk),
  );
  await rig.at('2026-03-03T09:00:00+03:00', () => rig.service.sell('wallet', { customerId, packageId: large }, byDesk));
  await rig.at('2026-03-03T12:00:00+03:00', () => rig.service.refund(first, { to: 'wallet' }, byDesk));
  const agentId = await rig.at('2026-03-03T13:00:00+03:00', () => rig.newAgent(10_000));
  const { id: batchId } = await rig.at('2026-03-03T14:00:00+03:00', () => rig.sellVouchers(agentId, small, 3));
  const one = await rig.db.voucher.findFirstOrThrow({ where: { batchId } });
  await rig.at('2026-03-03T15:00:00+03:00', () => rig.vouchers.revoke(one.id, { endAccess: false }, byDesk));
  return { agentId };
}

describe('sales', () => {
  test('are 150 shillings less 20, of which agents keep 2, however they are grouped, as in the ledger', async () => {
    await threeDays();
    for (const by of salesGroupings) {
      const { totals, rows, currency, otherCurrencies, timeZone } = await sales(by);
      expect({ by, totals, currency, otherCurrencies, timeZone }).toEqual({
        by,
        totals: {
          payments: 5,
          customers: 3,
          grossMinor: 15_000,
          refundedMinor: 2_000,
          netMinor: 13_000,
          commissionMinor: 200,
        },
        currency: 'KES',
        otherCurrencies: [],
        timeZone: 'Africa/Nairobi',
      });
      expect(rows.reduce((sum, { netMinor }) => sum + netMinor, 0)).toBe(13_000);
      expect(rows.reduce((sum, { payments }) => sum + payments, 0)).toBe(5);
    }
    expect(await rig.balance('sales')).toBe(13_000n);
    expect(await rig.balance('commission')).toBe(-200n);
  });

  test('count on the day of the time zone, refunds on the day that they were made', async () => {
    await threeDays();
    expect(short(await sales('day'))).toEqual([
      ['2026-03-01', 1, 1, 1_000, 0, 0],
      ['2026-03-02', 2, 2, 6_000, 0, 0],
      ['2026-03-03', 2, 1, 8_000, 2_000, 200],
    ]);
    const inUtc = await rig.newReports({ timeZone: 'UTC' }).sales({ ...RANGE, by: 'day' });
    expect(short(inUtc).map(([day, payments]) => [day, payments])).toEqual([
      ['2026-03-01', 2],
      ['2026-03-02', 1],
      ['2026-03-03', 2],
    ]);
  });

  test('are of the site of the router they were bought at, of the desk, or of agents', async () => {
    await threeDays();
    expect(short(await sales('site'))).toEqual([
      ['At the desk', 2, 1, 10_000, 0, 0],
      ['Agents (vouchers)', 1, 0, 3_000, 1_000, 200],
      ['Lamu', 1, 1, 1_000, 0, 0],
      ['Kilimani', 1, 1, 1_000, 1_000, 0],
    ]);
    expect((await sales('site')).rows.map(({ key }) => key)).toEqual(['desk', 'agents', 'site:Lamu', 'site:Kilimani']);
  });

  test('are told by package, agent and channel', async () => {
    const { agentId } = await threeDays();
    expect(short(await sales('package'))).toEqual([
      ['One day', 2, 1, 10_000, 0, 0],
      ['One hour', 3, 2, 5_000, 2_000, 200],
    ]);
    const byAgent = await sales('agent');
    expect(short(byAgent)).toEqual([
      ['Not through an agent', 4, 3, 12_000, 1_000, 0],
      ['Mama Njeri', 1, 0, 3_000, 1_000, 200],
    ]);
    expect(byAgent.rows.map(({ key }) => key)).toEqual(['none', agentId]);
    expect(short(await sales('channel'))).toEqual([
      ['Cash', 1, 1, 5_000, 0, 0],
      ['Wallet', 1, 1, 5_000, 0, 0],
      ['Vouchers through agents', 1, 0, 3_000, 1_000, 200],
      ['M-Pesa', 2, 2, 2_000, 1_000, 0],
    ]);
  });

  test('are told by the hour of the week, where 1 March 2026 is a Sunday', async () => {
    await threeDays();
    const { rows } = await sales('hour');
    expect(rows.map(({ key, label, netMinor }) => [key, label, netMinor])).toEqual([
      ['1-00', 'Monday 00:00', 1_000],
      ['1-10', 'Monday 10:00', 5_000],
      ['2-09', 'Tuesday 09:00', 5_000],
      ['2-12', 'Tuesday 12:00', -1_000],
      ['2-14', 'Tuesday 14:00', 3_000],
      ['2-15', 'Tuesday 15:00', -1_000],
      ['7-23', 'Sunday 23:00', 1_000],
    ]);
  });

  test('of days without any are zeros, and nothing was ever sold in a currency of its own', async () => {
    const empty = await sales('day');
    expect(empty.rows.map(({ key, netMinor }) => [key, netMinor])).toEqual([
      ['2026-03-01', 0],
      ['2026-03-02', 0],
      ['2026-03-03', 0],
    ]);
    expect(empty.totals).toMatchObject({ payments: 0, customers: 0, netMinor: 0 });
  });

  test('in two currencies are never added up: the one most was sold in is told, the other named', async () => {
    await threeDays();
    const inUganda = (await rig.newPackage({ name: 'Kampala hour', priceMinor: 2_500, currency: 'UGX' })).id;
    const customerId = await rig.newCustomer();
    await rig.at('2026-03-02T10:00:00+03:00', () =>
      rig.service.sell('cash', { customerId, packageId: inUganda }, byDesk),
    );
    expect(await sales('day')).toMatchObject({ currency: 'KES', otherCurrencies: ['UGX'] });
    const shillings = await rig.newReports().sales({ ...RANGE, by: 'package', currency: 'UGX' });
    expect(short(shillings)).toEqual([['Kampala hour', 1, 1, 2_500, 0, 0]]);
    expect(shillings.otherCurrencies).toEqual(['KES']);
  });

  test('refuse a range that is none, or that is longer than 400 days', async () => {
    const ask = (from: string, to: string) => sales('day', { from, to });
    await expect(ask('2026-03-02', '2026-03-02')).rejects.toMatchObject({ code: 'validation_failed' });
    await expect(ask('2025-01-01', '2026-03-01')).rejects.toMatchObject({ code: 'validation_failed' });
    expect((await ask('2025-01-26', '2026-03-02')).rows).toHaveLength(400);
  });

  test('are of the last 30 days, today included, when nothing else is asked for', async () => {
    rig.clock.setWall(new Date('2026-03-03T21:30:00Z'));
    const { from, to, rows } = await rig.newReports().sales({ by: 'day' });
    expect([from, to, rows.length]).toEqual(['2026-02-03', '2026-03-05', 30]);
  });
});

describe('tax', () => {
  test('is what prices contain, by month and in all, with refunds taken off where they were made', async () => {
    await rig.at('2026-01-31T23:59:59.999+03:00', () => rig.buy(small, { msisdn: '0711000001' }));
    const paid = await rig.at('2026-02-01T00:00:00+03:00', () => rig.buy(large, { msisdn: '0711000002' }));
    await rig.at('2026-02-28T23:59:00+03:00', () => rig.buy(large, { msisdn: '0711000003' }));
    await rig.at('2026-03-01T08:00:00+03:00', () => rig.service.refund(paid, { to: 'provider' }, byDesk));
    const report = await rig.newReports().tax({ from: '2026-01-15', to: '2026-03-31' });
    // 16/116 of 10.00, 100.00, -50.00 and 60.00.
    expect(report).toMatchObject({
      tax: VAT,
      months: [
        { month: '2026-01', grossMinor: 1_000, refundedMinor: 0, netMinor: 1_000, taxMinor: 138 },
        { month: '2026-02', grossMinor: 10_000, refundedMinor: 0, netMinor: 10_000, taxMinor: 1_379 },
        { month: '2026-03', grossMinor: 0, refundedMinor: 5_000, netMinor: -5_000, taxMinor: -690 },
      ],
      totals: { grossMinor: 11_000, refundedMinor: 5_000, netMinor: 6_000, taxMinor: 828 },
    });
  });

  test('lines are every sale and refund, oldest first, a page at a time or all at once', async () => {
    await threeDays();
    const reports = rig.newReports();
    const first = await reports.taxLines({ ...RANGE, limit: 3 });
    expect(first.items.map(({ kind, grossMinor, taxMinor }) => [kind, grossMinor, taxMinor])).toEqual([
      ['sale', 1_000, 138],
      ['sale', 1_000, 138],
      ['sale', 5_000, 690],
    ]);
    expect(first.items[0]).toMatchObject({ at: '2026-03-01T20:59:59.999Z', receipt: expect.stringMatching(/^SGR/) });
    const next = await reports.taxLines({ ...RANGE, limit: 3, cursor: first.nextCursor ?? '' });
    expect(next.items.map(({ kind, grossMinor }) => [kind, grossMinor])).toEqual([
      ['sale', 5_000],
      ['refund', -1_000],
      ['sale', 3_000],
    ]);
    const all: unknown[] = [];
    for await (const part of reports.allTaxLines(first, new AbortController().signal)) all.push(...part);
    expect(all).toHaveLength(7);
    expect(all.slice(3, 6)).toEqual(next.items);
    await expect(reports.taxLines({ ...RANGE, limit: 3, cursor: 'x' })).rejects.toMatchObject({
      code: 'validation_failed',
    });
  });
});

describe('churn', () => {
  const buy = (day: string, who: number) =>
    rig.at(`2026-${day}T12:00:00+03:00`, () => rig.buy(small, { msisdn: `071100000${who}` }));

  test('tells who came, came back and was lost by month, and how many of each beginning bought again', async () => {
    // 1 buys every month, 2 skips February, 3 stops after January, 4 begins in February, 5 is refunded.
    for (const day of ['01-10', '02-10', '03-10']) await buy(day, 1);
    for (const day of ['01-31', '03-01']) await buy(day, 2);
    await buy('01-05', 3);
    await buy('01-06', 3);
    await buy('02-20', 4);
    const refunded = await buy('02-21', 5);
    await rig.at('2026-03-15T12:00:00+03:00', () => rig.service.refund(refunded, { to: 'provider' }, byDesk));
    const churn = await rig.newReports().churn({ months: 3 });
    expect(churn.months).toEqual([
      month('2026-01', { customers: 3, firstTime: 3, revenueMinor: 4_000, perCustomerMinor: 1_333 }),
      month('2026-02', {
        customers: 2,
        firstTime: 1,
        lost: 2,
        churnBasisPoints: 6_667,
        revenueMinor: 2_000,
        perCustomerMinor: 1_000,
      }),
      month('2026-03', {
        isComplete: false,
        customers: 2,
        cameBack: 1,
        lost: 1,
        churnBasisPoints: 5_000,
        revenueMinor: 2_000,
        perCustomerMinor: 1_000,
      }),
    ]);
    expect(churn.cohorts).toEqual([
      { month: '2026-01', customers: 3, bought: [3, 1, 2] },
      { month: '2026-02', customers: 1, bought: [1, 0] },
    ]);
  });

  function month(name: string, changes: Record<string, unknown>) {
    return {
      ...{ month: name, isComplete: true, customers: 0, firstTime: 0, cameBack: 0, lost: 0 },
      ...{ churnBasisPoints: null, revenueMinor: 0, perCustomerMinor: null },
      ...changes,
    };
  }

  test('knows a first purchase from before the months that are shown', async () => {
    await buy('01-10', 1);
    await buy('03-10', 1);
    const { months, cohorts } = await rig.newReports().churn({ months: 1 });
    expect(months).toMatchObject([{ month: '2026-03', customers: 1, firstTime: 0, cameBack: 1, lost: 0 }]);
    expect(cohorts).toEqual([]);
  });
});
