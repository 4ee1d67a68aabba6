import { createAgent, topUpAgent, updateAgent } from '@turnpike/contracts/agents.js';
import { byOperator } from '../entitlements/shop-rig.js';
import { openAgentShop, sellerOf, type AgentShop } from './agents-rig.js';

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

const cash = (amountMinor: number, note = '') => ({ amountMinor, currency: 'KES', method: 'cash', note }) as const;

describe('agents', () => {
  test('are made with a name, a phone number, a commission and who signs in for them', async () => {
    const operatorId = await shop.newOperator();
    const body = createAgent.body.parse({
      name: ' Duka ',
      msisdn: '0712 345 678',
      commissionBasisPoints: 750,
      operatorId,
    });
    const agent = await shop.agents.create(body, byOperator);
    expect(agent).toMatchObject({
      name: 'Duka',
      msisdn: '254712345678',
      commissionBasisPoints: 750,
      active: true,
      operatorId,
    });
    expect(await shop.agents.get(agent.id)).toEqual(agent);
    expect(await shop.audit(agent.id)).toEqual([
      {
        actor: 'operator-1',
        action: 'agent.create',
        details: { name: 'Duka', commissionBasisPoints: 750, operatorId },
      },
    ]);
  });

  test.each([-1, 5_001, 2.5, 'many'])('a commission of %p is refused', (commissionBasisPoints) => {
    expect(createAgent.body.safeParse({ name: 'A', commissionBasisPoints }).success).toBe(false);
    expect(updateAgent.body.safeParse({ commissionBasisPoints }).success).toBe(false);
  });

  test('only an operator of the role agent who can sign in is taken for one', async () => {
    const never = '0190b5c1-0000-7000-8000-000000000000';
    const wrong = [await shop.newOperator('admin'), await shop.newOperator('agent', new Date()), never];
    for (const operatorId of wrong) {
      const attempt = shop.agents.create({ name: 'A', commissionBasisPoints: 0, operatorId }, byOperator);
      await expect(attempt).rejects.toMatchObject({ code: 'validation_failed', issues: [{ path: 'operatorId' }] });
    }
  });

  test('an operator, like a phone number, belongs to one agent only', async () => {
    const [one, other] = [await shop.newAgent(), await shop.newAgent()];
    await shop.agents.update(one.id, { msisdn: '0711000001' }, byOperator);
    const taken = (path: string) => ({ code: 'name_taken', issues: [{ path, message: 'is taken' }] });
    await expect(shop.agents.update(other.id, { msisdn: '+254711000001' }, byOperator)).rejects.toMatchObject(
      taken('msisdn'),
    );
    await expect(shop.agents.update(other.id, { operatorId: one.operatorId }, byOperator)).rejects.toMatchObject(
      taken('operatorId'),
    );
    await shop.agents.update(one.id, { operatorId: null }, byOperator);
    await expect(shop.agents.update(other.id, { operatorId: one.operatorId }, byOperator)).resolves.toMatchObject({
      operatorId: one.operatorId,
    });
  });

  test('a change touches the given fields only, and is written down with what was before', async () => {
    const agent = await shop.newAgent();
    const changed = await shop.agents.update(agent.id, { commissionBasisPoints: 500, active: false }, byOperator);
    expect(changed).toEqual({ ...agent, commissionBasisPoints: 500, active: false });
    expect((await shop.audit(agent.id)).at(-1)).toMatchObject({
      action: 'agent.update',
      details: {
        before: { commissionBasisPoints: 1_000, active: true },
        after: { commissionBasisPoints: 500, active: false },
      },
    });
  });

  test('are listed newest first, a page at a time, by whether they are active', async () => {
    const [one, two, three] = [await shop.newAgent(), await shop.newAgent(), await shop.newAgent()];
    await shop.agents.update(two.id, { active: false }, byOperator);
    const first = await shop.agents.list({ limit: 1, active: true });
    expect(first.items.map(({ id }) => id)).toEqual([three.id]);
    const second = await shop.agents.list({ limit: 1, active: true, cursor: first.nextCursor ?? undefined });
    expect(second.items.map(({ id }) => id)).toEqual([one.id]);
    expect((await shop.agents.list({ limit: 200, active: false })).items.map(({ id }) => id)).toContain(two.id);
  });

  test('one that never had money is deleted; one that had is kept, and can be deactivated', async () => {
    const [idle, funded] = [await shop.newAgent(), await shop.newAgent({ fundsMinor: 100 })];
    await shop.agents.remove(idle.id, byOperator);
    await expect(shop.agents.get(idle.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(shop.agents.remove(funded.id, byOperator)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('deactivate it'),
    });
    expect(await shop.agents.get(funded.id)).toEqual(funded);
  });

  test('one that sold, if only for nothing, is kept', async () => {
    const agent = await shop.newAgent();
    const { id: packageId } = await shop.newPackage({ priceMinor: 0 });
    const sale = await shop.sales.sellMine({ packageId, count: 1 }, sellerOf(agent));
    expect(sale).toMatchObject({ priceMinor: 0, debitedMinor: 0, balanceMinor: '0' });
    await expect(shop.agents.remove(agent.id, byOperator)).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('topping up an agent', () => {
  test('puts the cash into the wallet: it lies in the till, and the agent can spend it', async () => {
    const agent = await shop.newAgent();
    const moved = await shop.agents.topUp(agent.id, cash(50_000, 'receipt 17'), byOperator);
    expect(moved).toMatchObject({ currency: 'KES', amountMinor: 50_000, balanceMinor: '50000' });
    expect(await shop.agents.wallet(agent.id, { limit: 10 })).toMatchObject({
      balances: [{ currency: 'KES', balanceMinor: '50000' }],
      items: [{ entryId: moved.entryId, kind: 'top_up', description: 'receipt 17', amountMinor: 50_000 }],
      nextCursor: null,
    });
    const entry = (await shop.entriesOf('top_up')).find(({ id }) => id === moved.entryId);
    expect(
      entry?.postings.map(({ accountKind, accountOwner, amountMinor }) => [accountKind, accountOwner, amountMinor]),
    ).toEqual(
      expect.arrayContaining([
        ['agent_wallet', agent.id, 50_000],
        ['provider', 'cash', -50_000],
      ]),
    );
    expect((await shop.audit(agent.id)).at(-1)).toMatchObject({
      actor: 'operator-1',
      action: 'agent.top_up',
      details: { entryId: moved.entryId, amountMinor: 50_000, currency: 'KES', method: 'cash', balanceMinor: '50000' },
    });
  });

  test('the same request five times at once, though no answer of it was kept, is one top-up', async () => {
    const agent = await shop.newAgent();
    const context = { ...byOperator, idempotencyKey: 'till 7' };
    const moved = await Promise.all(Array.from({ length: 5 }, () => shop.agents.topUp(agent.id, cash(900), context)));
    expect(new Set(moved.map(({ entryId }) => entryId)).size).toBe(1);
    expect(moved.map(({ balanceMinor }) => balanceMinor)).toEqual(Array.from({ length: 5 }, () => '900'));
    expect((await shop.audit(agent.id)).filter(({ action }) => action === 'agent.top_up')).toHaveLength(1);
    await shop.agents.topUp(agent.id, cash(901), context);
    await shop.agents.topUp(agent.id, cash(900), { ...context, actor: 'operator-2' });
    expect(await shop.balanceOf(agent.id)).toBe('2701');
  });

  test('what is not an amount of money is refused', () => {
    for (const amountMinor of [0, -5, 1.5, 100_000_000_001, '100']) {
      expect(topUpAgent.body.safeParse({ amountMinor, currency: 'KES' }).success).toBe(false);
    }
    expect(topUpAgent.body.parse({ amountMinor: 1, currency: 'KES' })).toEqual(cash(1));
  });

  test('an agent that is deactivated or not there gets nothing', async () => {
    const agent = await shop.newAgent();
    await shop.agents.update(agent.id, { active: false }, byOperator);
    await expect(shop.agents.topUp(agent.id, cash(1), byOperator)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('is deactivated: an administrator activates'),
    });
    const never = '0190b5c1-0000-7000-8000-000000000000';
    await expect(shop.agents.topUp(never, cash(1), byOperator)).rejects.toMatchObject({ code: 'not_found' });
    await expect(shop.agents.wallet(never, { limit: 1 })).rejects.toMatchObject({ code: 'not_found' });
    expect(await shop.balanceOf(agent.id)).toBe('0');
  });

  test('a wrong top-up is put right by another movement, also of an agent that is deactivated', async () => {
    const agent = await shop.newAgent({ fundsMinor: 10_000 });
    await shop.agents.update(agent.id, { active: false }, byOperator);
    const putRight = { amountMinor: -9_000, currency: 'KES', reason: 'a digit too many' };
    const { entryId } = await shop.agents.adjust(agent.id, putRight, byOperator);
    expect(await shop.agents.wallet(agent.id, { limit: 1 })).toMatchObject({
      balances: [{ balanceMinor: '1000' }],
      items: [{ entryId, kind: 'adjustment', description: 'a digit too many', amountMinor: -9_000 }],
    });
    expect((await shop.audit(agent.id)).at(-1)).toMatchObject({
      action: 'wallet.adjust',
      details: { ...putRight, entryId, balanceMinor: '1000' },
    });
    await expect(shop.agents.adjust(agent.id, putRight, byOperator)).rejects.toMatchObject({
      code: 'conflict',
      extra: { reason: 'insufficient_funds' },
    });
  });
});
