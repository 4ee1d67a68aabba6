import { salesGroupings } from '@turnpike/contracts/reports.js';
import { byDesk, openReportsRig, type ReportsRig } from './reports-rig.js';

let rig: ReportsRig;
let [small, large] = ['', ''];

beforeAll(async () => {
  rig = await openReportsRig();
  small = (await rig.newPackage({ name: 'One hour', priceMinor: 1_000 })).id;
  large = (await rig.newPackage({ name: 'One day', priceMinor: 5_000 })).id;
}, 60_000);
afterAll(() => rig.close());

describe('reports and the ledger', () => {
  /** What the accounts moved by in a range, straight from the postings. */
  async function moved(kind: string, from: string, to: string): Promise<number> {
    const [start, end] = [new Date(`${from}T00:00:00+03:00`), new Date(`${to}T00:00:00+03:00`)];
    const { _sum } = await rig.db.ledgerPosting.aggregate({
      where: { account: { kind, currency: 'KES' }, entry: { createdAt: { gte: start, lt: end } } },
      _sum: { amountMinor: true },
    });
    return Number(_sum.amountMinor ?? 0n);
  }

  /** A generator whose numbers are the same every time. */
  function dice(seed: number): (sides: number) => number {
    let state = seed;
    return (sides) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * sides);
    };
  }

  test('agree to the cent on any range, whatever is kept, after forty sales, refunds and revocations at random', async () => {
    const roll = dice(20_260_301);
    const places = [await rig.newPlace('NAS 1', 'Kilimani'), await rig.newPlace('NAS 2', null), undefined];
    const agentId = await rig.at('2026-01-01T08:00:00+03:00', () => rig.newAgent(1_000_000));
    const customerId = (await rig.customers.create({ msisdn: '0722000000' }, byDesk)).row.id;
    await rig.at('2026-01-01T09:00:00+03:00', () =>
      rig.service.enter({ msisdn: '0722000000', receipt: 'TOPUP00002', amountMinor: 500_000 }, byDesk),
    );
    const instant = () => new Date(Date.parse('2026-01-01T10:00:00+03:00') + roll(90 * 24 * 60) * 60_000).toISOString();
    const [paid, batches]: [string[], string[]] = [[], []];
    const acts = [
      async () => paid.push(await rig.buy([small, large][roll(2)] ?? small, buyer())),
      async () => paid.push((await rig.service.sell('cash', { customerId, packageId: large }, byDesk)).id),
      async () => paid.push((await rig.service.sell('wallet', { customerId, packageId: small }, byDesk)).id),
      async () => batches.push((await rig.sellVouchers(agentId, small, 1 + roll(7))).id),
      async () => refundOne(paid.splice(roll(paid.length), 1)[0]),
      async () => revokeOne(batches[roll(batches.length)]),
    ];
    const buyer = () => {
      const routerId = places[roll(3)];
      return { msisdn: `07330000${10 + roll(20)}`, ...(routerId === undefined ? {} : { routerId }) };
    };
    const refundOne = async (id: string | undefined) =>
      id === undefined ? undefined : rig.service.refund(id, { to: roll(2) === 0 ? 'wallet' : 'provider' }, byDesk);
    const revokeOne = async (batchId: string | undefined) => {
      if (batchId === undefined) return;
      const one = await rig.db.voucher.findFirst({ where: { batchId, state: 'unused' } });
      if (one !== null) await rig.vouchers.revoke(one.id, { endAccess: false }, byDesk);
    };
    for (let count = 0; count < 40; count += 1) await rig.at(instant(), async () => void (await acts[roll(6)]?.()));

    const ranges = Array.from({ length: 5 }, () => {
      const from = `2026-0${1 + roll(3)}-${String(1 + roll(28)).padStart(2, '0')}`;
      const to = new Date(Date.parse(from) + (1 + roll(60)) * 86_400_000).toISOString().slice(0, 10);
      return { from, to };
    });
    const fromLedger = await agreeing(ranges);
    expect(await rig.keepSold('2026-02-11T00:10:00+03:00')).toBe('2026-02-09');
    expect(await rig.keepSold('2026-02-11T00:20:00+03:00')).toBe('2026-02-10');
    expect(await agreeing(ranges)).toEqual(fromLedger);
    expect(await rig.keepSold('2026-05-01T12:00:00+03:00')).toBe('2026-04-30');
    expect(await agreeing(ranges)).toEqual(fromLedger);
    const whole = await rig.newReports().sales({ from: '2026-01-01', to: '2026-04-10', by: 'day' });
    expect(BigInt(whole.totals.netMinor)).toBe(await rig.balance('sales'));
    expect(-BigInt(whole.totals.commissionMinor)).toBe(await rig.balance('commission'));
  }, 120_000);

  /** Each report of each range, after a look whether it says what the ledger does. */
  async function agreeing(ranges: readonly { from: string; to: string }[]) {
    const reports = rig.newReports();
    const told = [];
    for (const { from, to } of ranges) {
      const [net, commission] = [await moved('sales', from, to), 0 - (await moved('commission', from, to))];
      for (const by of salesGroupings) {
        const { totals, rows } = await reports.sales({ from, to, by });
        told.push({ from, by, totals, rows });
        const sum = (pick: (row: (typeof rows)[number]) => number) => rows.reduce((all, row) => all + pick(row), 0);
        expect({ by, net: totals.netMinor, commission: totals.commissionMinor }).toEqual({ by, net, commission });
        expect(sum(({ netMinor }) => netMinor)).toBe(net);
        expect(sum(({ commissionMinor }) => commissionMinor)).toBe(commission);
      }
      const tax = await reports.tax({ from, to });
      expect(tax.totals.netMinor).toBe(net);
      expect(tax.months.reduce((all, { netMinor }) => all + netMinor, 0)).toBe(net);
      told.push(tax);
    }
    return told;
  }
});
