import { sellVouchers } from '@turnpike/contracts/agents.js';
import { inLanes } from '@turnpike/testkit/in-lanes.js';
import { byOperator } from '../entitlements/shop-rig.js';
import { actorOf, openAgentShop, sellerOf, type AgentShop } from './agents-rig.js';

let shop: AgentShop;

beforeAll(async () => {
  shop = await openAgentShop();
});

afterAll(async () => {
  await shop.close();
});

afterEach(async () => {
  const { ok, wrong } = await shop.ledger.trialBalance();
  expect({ ok, wrong }).toEqual({ ok: true, wrong: [] });
});

const NEVER = '0190b5c1-0000-7000-8000-000000000000';

describe('an agent sells vouchers', () => {
  test('the wallet pays the price without the commission, the codes work, and everything is written down', async () => {
    const agent = await shop.newAgent({ fundsMinor: 10_000 });
    const sold = await shop.newPackage({ priceMinor: 999 });
    const sale = await shop.sales.sellMine({ packageId: sold.id, count: 3 }, sellerOf(agent));
    expect(sale).toMatchObject({
      packageId: sold.id,
      packageName: sold.name,
      count: 3,
      currency: 'KES',
      priceMinor: 999,
      totalMinor: 2_997,
      agentId: agent.id,
      commissionMinor: 299,
      debitedMinor: 2_698,
      balanceMinor: '7302',
    });
    expect(new Set(sale.codes).size).toBe(3);
    expect(await shop.redemption.redeem(sale.codes[2] ?? '')).toMatchObject({ kind: 'redeemed' });
    expect(await shop.db.voucherBatch.findUnique({ where: { id: sale.id } })).toMatchObject({
      agentId: agent.id,
      createdBy: agent.operatorId,
      count: 3,
    });
    const entry = (await shop.entriesOf('voucher_sale')).find(({ createdBy }) => createdBy === agent.operatorId);
    expect(entry?.description).toBe(`3 x ${sold.name}, batch ${sale.number}, sold by ${agent.name}`);
    expect(Object.fromEntries(entry?.postings.map((each) => [each.accountKind, each.amountMinor]) ?? [])).toEqual({
      agent_wallet: -2_698,
      sales: 2_997,
      commission: -299,
    });
    const { id: batchId, codes, packageId, count, currency, totalMinor, commissionMinor, balanceMinor } = sale;
    const details = { batchId, key: entry?.key, packageId, count, currency, totalMinor, commissionMinor, balanceMinor };
    const written = (await shop.audit(agent.id)).at(-1);
    expect(written).toEqual({ actor: agent.operatorId, action: 'agent.sale', details });
    for (const code of codes) expect(JSON.stringify(written)).not.toContain(code);
    expect(await shop.sales.mySales(sellerOf(agent).actor, { limit: 5 })).toMatchObject({
      items: [{ id: sale.id, agentName: agent.name, count: 3, unused: 2, redeemed: 1 }],
    });
  });

  test('is refused what the wallet cannot pay, and nothing is made', async () => {
    const agent = await shop.newAgent({ fundsMinor: 1_799 });
    const { id: packageId } = await shop.newPackage({ priceMinor: 1_000 });
    const before = await shop.db.voucherBatch.count();
    await expect(shop.sales.sellMine({ packageId, count: 2 }, sellerOf(agent))).rejects.toMatchObject({
      code: 'conflict',
      extra: { reason: 'insufficient_funds' },
      message: 'there is KES 17.99 in the wallet and KES 18.00 is needed: top it up, or sell fewer',
    });
    expect([await shop.db.voucherBatch.count(), await shop.balanceOf(agent.id)]).toEqual([before, '1799']);
  });

  test('money in another currency does not pay', async () => {
    const agent = await shop.newAgent({ fundsMinor: 100_000 });
    const { id: packageId } = await shop.newPackage({ priceMinor: 10, currency: 'UGX' });
    await expect(shop.sales.sellMine({ packageId, count: 1 }, sellerOf(agent))).rejects.toMatchObject({
      message: 'there is UGX 0 in the wallet and UGX 9 is needed: top it up, or sell fewer',
    });
  });

  test('M10: 1,000 sales from one wallet, ten at a time: as many as the money allows, never below 0', async () => {
    const agent = await shop.newAgent({ fundsMinor: 100_000 });
    const { id: packageId } = await shop.newPackage({ priceMinor: 999 });
    // 999 less 10 % rounded down is 900: the money is enough for 111, and 100 are left.
    const order = { packageId, count: 1 };
    const asked = Array.from({ length: 1_000 }, () => order);
    const outcomes = await inLanes(asked, 10, () => shop.sales.sell(agent.id, order, sellerOf(agent)));
    const codes = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value.codes : []));
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') continue;
      expect(outcome.reason).toMatchObject({ code: 'conflict', extra: { reason: 'insufficient_funds' } });
    }
    expect([codes.length, new Set(codes).size]).toEqual([111, 111]);
    expect(await shop.balanceOf(agent.id)).toBe('100');
    expect(await shop.db.voucherBatch.count({ where: { agentId: agent.id } })).toBe(111);
    const lowest = await shop.db.ledgerPosting.aggregate({
      where: { account: { kind: 'agent_wallet', owner: agent.id } },
      _min: { balanceMinor: true },
      _count: true,
    });
    expect(lowest).toEqual({ _min: { balanceMinor: 100n }, _count: 112 });
  }, 300_000);

  test('the same request again, though its answer was lost, sells nothing and names the batch', async () => {
    const agent = await shop.newAgent({ fundsMinor: 10_000 });
    const order = { packageId: (await shop.newPackage()).id, count: 2 };
    const seller = { ...sellerOf(agent), idempotencyKey: 'sale 1' };
    const { number } = await shop.sales.sellMine(order, seller);
    const again = await inLanes([1, 2, 3], 3, () => shop.sales.sellMine(order, seller));
    const refused = { code: 'conflict', message: expect.stringContaining(`batch ${number}, sold by ${agent.name}`) };
    expect(again).toMatchObject([{ reason: refused }, { reason: refused }, { reason: refused }]);
    expect(await shop.balanceOf(agent.id)).toBe('8200');
    const other = { ...seller, idempotencyKey: 'sale 2' };
    const both = await inLanes([1, 2], 2, () => shop.sales.sellMine(order, other));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await shop.balanceOf(agent.id)).toBe('6400');
    expect(await shop.db.voucherBatch.count({ where: { agentId: agent.id } })).toBe(2);
  });

  test('what is not sold to agents is not there for them', async () => {
    const agent = await shop.newAgent({ fundsMinor: 100_000 });
    const [hidden, inactive] = [await shop.newPackage({ visibility: 'hidden' }), await shop.newPackage()];
    await shop.packages.update(inactive.id, { active: false }, byOperator);
    for (const packageId of [hidden.id, inactive.id, NEVER]) {
      await expect(shop.sales.sellMine({ packageId, count: 1 }, sellerOf(agent))).rejects.toMatchObject({
        code: 'not_found',
      });
    }
    const forAgents = await shop.newPackage({ visibility: 'agents', priceMinor: 105 });
    await expect(shop.sales.sellMine({ packageId: forAgents.id, count: 1 }, sellerOf(agent))).resolves.toMatchObject({
      packageId: forAgents.id,
    });
    const { items } = await shop.sales.myPackages(sellerOf(agent).actor);
    const ids = items.map(({ id }) => id);
    expect([ids.includes(forAgents.id), ids.includes(hidden.id), ids.includes(inactive.id)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(items.find(({ id }) => id === forAgents.id)).toMatchObject({ priceMinor: 105, commissionMinor: 10 });
  });

  test('one that is deactivated sells nothing and still sees the wallet', async () => {
    const agent = await shop.newAgent({ fundsMinor: 5_000 });
    await shop.agents.update(agent.id, { active: false }, byOperator);
    const { id: packageId } = await shop.newPackage();
    await expect(shop.sales.sellMine({ packageId, count: 1 }, sellerOf(agent))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('is deactivated'),
    });
    const { actor } = sellerOf(agent);
    expect(await shop.sales.mine(actor)).toMatchObject({
      id: agent.id,
      active: false,
      balances: [{ balanceMinor: '5000' }],
    });
    expect(await shop.sales.myWallet(actor, { limit: 5 })).toMatchObject({ items: [{ amountMinor: 5_000 }] });
  });

  test.each([0, 1_001, 1.5, -1])('%p at once are refused', (count) => {
    expect(sellVouchers.body.safeParse({ packageId: NEVER, count }).success).toBe(false);
  });
});

describe('who may sell for an agent', () => {
  test('S2: an agent sells for itself and for nobody else, by whichever way it asks', async () => {
    const [own, other] = [await shop.newAgent({ fundsMinor: 5_000 }), await shop.newAgent({ fundsMinor: 5_000 })];
    const { id: packageId } = await shop.newPackage();
    const order = { packageId, count: 1 };
    await expect(shop.sales.sell(other.id, order, sellerOf(own))).rejects.toMatchObject({ code: 'forbidden' });
    await shop.agents.update(other.id, { active: false }, byOperator);
    await expect(shop.sales.sell(other.id, order, sellerOf(own))).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.not.stringContaining(other.name),
    });
    await expect(shop.sales.sell(own.id, order, sellerOf(own))).resolves.toMatchObject({ count: 1 });
    expect([await shop.balanceOf(own.id), await shop.balanceOf(other.id)]).toEqual(['4100', '5000']);
  });

  test('S2: an administrator sells for any, with a token for sales only for none', async () => {
    const agent = await shop.newAgent({ fundsMinor: 5_000 });
    const { id: packageId } = await shop.newPackage();
    const order = { packageId, count: 1 };
    const admin = { actor: actorOf(NEVER, 'admin'), requestId: 'request-3' };
    await expect(shop.sales.sell(agent.id, order, admin)).resolves.toMatchObject({ balanceMinor: '4100' });
    const narrow = { actor: actorOf(NEVER, 'admin', ['agent:sell']), requestId: 'request-3' };
    await expect(shop.sales.sell(agent.id, order, narrow)).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('S2: a login without an agent is told what to do', async () => {
    const actor = actorOf(await shop.newOperator());
    const told = { code: 'not_found', message: expect.stringContaining('ask an administrator') };
    await expect(shop.sales.mine(actor)).rejects.toMatchObject(told);
    await expect(shop.sales.myWallet(actor, { limit: 5 })).rejects.toMatchObject(told);
    await expect(shop.sales.myPackages(actor)).rejects.toMatchObject(told);
    const seller = { actor, requestId: 'request-4' };
    await expect(shop.sales.sellMine({ packageId: NEVER, count: 1 }, seller)).rejects.toMatchObject(told);
  });
});
