import { inLanes } from '@turnpike/testkit/in-lanes.js';
import { openAgentShop, sellerOf, type AgentShop } from '../agents/agents-rig.js';
import { byOperator } from '../entitlements/shop-rig.js';
import { shareOf } from './batch-credit.js';

let shop: AgentShop;

beforeAll(async () => {
  shop = await openAgentShop();
});

afterAll(() => shop.close());

afterEach(async () => {
  const { ok, wrong } = await shop.ledger.trialBalance();
  expect({ ok, wrong }).toEqual({ ok: true, wrong: [] });
});

/** A batch that an agent with 100 KES has bought at 10 % commission. */
async function bought(count: number, priceMinor = 999) {
  const agent = await shop.newAgent({ fundsMinor: 1_000_000 });
  const { id: packageId } = await shop.newPackage({ priceMinor });
  const sale = await shop.sales.sellMine({ packageId, count }, sellerOf(agent));
  const ids = (await shop.db.voucher.findMany({ where: { batchId: sale.id }, orderBy: { id: 'asc' } })).map(
    ({ id }) => id,
  );
  return { agent, sale, ids, wallet: async () => Number(await shop.balanceOf(agent.id)) };
}

const creditsOf = async (batchId: string) => {
  const entries = await shop.db.ledgerEntry.findMany({
    where: { key: { startsWith: `voucher_batch:${batchId}:` } },
    include: { postings: { include: { account: true } } },
    orderBy: { id: 'asc' },
  });
  return entries.map(({ description, postings }) => ({
    description,
    ...Object.fromEntries(postings.map(({ account, amountMinor }) => [account.kind, Number(amountMinor)])),
  }));
};

describe('a batch that an agent bought and an operator revokes', () => {
  test('gives back what it cost, price less commission, and says so in the books and the audit trail', async () => {
    const { agent, sale, wallet } = await bought(3);
    expect([sale.debitedMinor, await wallet()]).toEqual([2_698, 997_302]);
    const answer = await shop.vouchers.revokeBatch(sale.id, byOperator);
    expect(answer).toEqual({ revoked: 3, credited: { currency: 'KES', amountMinor: 2_698 } });
    expect(await wallet()).toBe(1_000_000);
    expect(await creditsOf(sale.id)).toEqual([
      {
        description: `3 x ${sale.packageName}, batch ${sale.number}, revoked unused`,
        agent_wallet: 2_698,
        sales: -2_997,
        commission: 299,
      },
    ]);
    expect((await shop.audit(sale.id)).at(-1)).toMatchObject({
      action: 'vouchers.revoke',
      details: { revoked: 3, credited: { currency: 'KES', amountMinor: 2_698 } },
    });
    expect(await shop.vouchers.revokeBatch(sale.id, byOperator)).toEqual({ revoked: 0 });
    expect([await wallet(), agent.id]).toEqual([1_000_000, sale.agentId]);
  });

  test('gives nothing back for what was redeemed', async () => {
    const { sale, wallet } = await bought(10, 1_000);
    for (const code of sale.codes.slice(0, 4)) await shop.redemption.redeem(code);
    const answer = await shop.vouchers.revokeBatch(sale.id, byOperator);
    expect(answer).toEqual({ revoked: 6, credited: { currency: 'KES', amountMinor: 5_400 } });
    expect(await wallet()).toBe(1_000_000 - 4 * 900);
  });

  test('gives back in parts exactly what the whole cost, whatever is rounded', async () => {
    const { sale, ids, wallet } = await bought(7, 333);
    for (const id of ids.slice(0, 5)) await shop.vouchers.revoke(id, { endAccess: false }, byOperator);
    await expect(shop.vouchers.revoke(ids[0] ?? '', { endAccess: false }, byOperator)).resolves.toMatchObject({
      state: 'revoked',
    });
    expect((await creditsOf(sale.id)).length).toBe(5);
    await shop.vouchers.revokeBatch(sale.id, byOperator);
    expect(await wallet()).toBe(1_000_000);
    const credits = await creditsOf(sale.id);
    const sum = (kind: string) => credits.reduce((total, credit) => total + Number(Object(credit)[kind] ?? 0), 0);
    expect([sum('agent_wallet'), sum('sales'), sum('commission')]).toEqual([
      sale.debitedMinor,
      -2_331,
      sale.commissionMinor,
    ]);
  });

  test('M8: redeeming and revoking at the same time: each code gives time or money, never both and never neither', async () => {
    const { sale, ids, wallet } = await bought(60, 1_000);
    const work: (() => Promise<unknown>)[] = [
      ...sale.codes.map((code) => () => shop.redemption.redeem(code)),
      ...ids.slice(0, 30).map((id) => () => shop.vouchers.revoke(id, { endAccess: false }, byOperator)),
      ...[1, 2, 3].map(() => () => shop.vouchers.revokeBatch(sale.id, byOperator)),
    ].sort(() => Math.random() - 0.5);
    const outcomes = await inLanes(work, 8, (one) => one());
    for (const outcome of outcomes) {
      // A code that was redeemed first cannot be revoked.
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'conflict' });
    }
    await shop.vouchers.revokeBatch(sale.id, byOperator);
    const states = await shop.db.voucher.groupBy({ by: ['state'], where: { batchId: sale.id }, _count: true });
    const of = (state: string): number => states.find((one) => one.state === state)?._count ?? 0;
    expect(of('redeemed') + of('revoked')).toBe(60);
    expect(await wallet()).toBe(1_000_000 - of('redeemed') * 900);
    const redeemed = await shop.db.voucher.count({ where: { batchId: sale.id, entitlementId: { not: null } } });
    expect(redeemed).toBe(of('redeemed'));
  });

  test('moves no money for a batch of an operator, or one that was free', async () => {
    const { id: packageId } = await shop.newPackage();
    const made = await shop.vouchers.createBatch({ packageId, count: 2 }, byOperator);
    expect(await shop.vouchers.revokeBatch(made.id, byOperator)).toEqual({ revoked: 2 });
    const { sale, wallet } = await bought(2, 0);
    expect(await shop.vouchers.revokeBatch(sale.id, byOperator)).toEqual({ revoked: 2 });
    expect([await wallet(), await creditsOf(made.id), await creditsOf(sale.id)]).toEqual([1_000_000, [], []]);
  });
});

test('M10: the shares of a batch are never more than their price, and together what it cost', () => {
  for (const [priceMinor, of, debitedMinor] of [
    [999, 7, 6_294n],
    [1, 1_000, 900n],
    [5, 3, 15n],
    [100, 9, 0n],
  ] as const) {
    let sum = 0n;
    for (let at = 0; at < of; at += 1) {
      const share = shareOf({ debitedMinor, priceMinor, of }, at, at + 1);
      expect(share.debitedMinor >= 0n && share.debitedMinor <= share.priceMinor).toBe(true);
      sum += share.debitedMinor;
    }
    expect(sum).toBe(debitedMinor);
  }
});
