import { adjustCustomerWallet } from '@turnpike/contracts/ledger.js';
import { openAgentShop, type AgentShop } from '../agents/agents-rig.js';
import { byOperator } from '../entitlements/shop-rig.js';

let shop: AgentShop;

beforeAll(async () => {
  shop = await openAgentShop();
});

afterAll(async () => {
  await shop.close();
});

const NEVER = '0190b5c1-0000-7000-8000-000000000000';

function adjust(customerId: string, amountMinor: number, changes: { currency?: string; reason?: string } = {}) {
  return shop.wallets.adjust(customerId, { amountMinor, currency: 'KES', reason: 'goodwill', ...changes }, byOperator);
}

describe('the wallet of a customer', () => {
  test('is empty until something is put into it', async () => {
    const customerId = await shop.newCustomer();
    const empty = { balances: [], items: [], nextCursor: null };
    expect(await shop.wallets.ofCustomer(customerId, { limit: 10 })).toEqual(empty);
  });

  test('takes money in and gives it out again, with the reason, and both are written down', async () => {
    const customerId = await shop.newCustomer();
    const paidIn = await adjust(customerId, 2_500, { reason: 'refund in kind' });
    const takenOut = await adjust(customerId, -900);
    expect([paidIn.balanceMinor, takenOut.balanceMinor]).toEqual(['2500', '1600']);
    expect(await shop.wallets.ofCustomer(customerId, { limit: 10 })).toMatchObject({
      balances: [{ currency: 'KES', balanceMinor: '1600' }],
      items: [
        { entryId: takenOut.entryId, kind: 'adjustment', amountMinor: -900, balanceMinor: '1600', currency: 'KES' },
        { entryId: paidIn.entryId, description: 'refund in kind', amountMinor: 2_500, createdBy: 'operator-1' },
      ],
    });
    expect((await shop.audit(customerId)).filter(({ action }) => action === 'wallet.adjust')).toEqual([
      {
        actor: 'operator-1',
        action: 'wallet.adjust',
        details: {
          entryId: paidIn.entryId,
          amountMinor: 2_500,
          currency: 'KES',
          reason: 'refund in kind',
          balanceMinor: '2500',
        },
      },
      expect.objectContaining({ details: expect.objectContaining({ amountMinor: -900, balanceMinor: '1600' }) }),
    ]);
  });

  test('gives no more than there is, and a refusal writes nothing', async () => {
    const customerId = await shop.newCustomer();
    await adjust(customerId, 500);
    await expect(adjust(customerId, -501)).rejects.toMatchObject({
      code: 'conflict',
      extra: { reason: 'insufficient_funds' },
    });
    await expect(adjust(customerId, -1, { currency: 'UGX' })).rejects.toMatchObject({ code: 'conflict' });
    const { balances, items } = await shop.wallets.ofCustomer(customerId, { limit: 10 });
    expect([balances, items.length]).toEqual([[{ currency: 'KES', balanceMinor: '500' }], 1]);
    expect((await shop.audit(customerId)).filter(({ action }) => action === 'wallet.adjust')).toHaveLength(1);
  });

  test('is read a page at a time, newest first, every movement once', async () => {
    const customerId = await shop.newCustomer();
    for (let step = 1; step <= 7; step += 1) await adjust(customerId, step);
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await shop.wallets.ofCustomer(customerId, { limit: 3, cursor });
      seen.push(...page.items.map(({ amountMinor }) => amountMinor));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1]);
  });

  test('keeps its owner: who had money cannot be deleted, also when it is gone', async () => {
    const [owner, other] = [await shop.newCustomer(), await shop.newCustomer()];
    await adjust(owner, 100);
    await adjust(owner, -100);
    await expect(shop.customers.remove(owner, byOperator)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('money was moved in the wallet'),
    });
    await shop.customers.remove(other, byOperator);
    await expect(adjust(other, 100)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('is that of somebody who is there', async () => {
    await expect(shop.wallets.ofCustomer(NEVER, { limit: 1 })).rejects.toMatchObject({ code: 'not_found' });
    await expect(adjust(NEVER, 100)).rejects.toMatchObject({ code: 'not_found' });
  });

  test.each([
    { amountMinor: 0 },
    { amountMinor: 1.5 },
    { amountMinor: 100_000_000_001 },
    { currency: 'kes' },
    { reason: '' },
    { reason: 'x\u0000y' },
    { extra: 1 },
  ])('an adjustment with %p is refused', (change) => {
    const body = { amountMinor: 100, currency: 'KES', reason: 'goodwill' };
    expect(adjustCustomerWallet.body.safeParse(body).success).toBe(true);
    expect(adjustCustomerWallet.body.safeParse({ ...body, ...change }).success).toBe(false);
  });
});

describe('the books', () => {
  test('list accounts by kind, owner and currency, a page at a time', async () => {
    const customerId = await shop.newCustomer();
    await adjust(customerId, 100);
    await adjust(customerId, 200, { currency: 'UGX' });
    const owned = await shop.ledger.accounts({ limit: 10, owner: customerId });
    expect(owned.items.map(({ kind, currency, balanceMinor }) => [kind, currency, balanceMinor])).toEqual([
      ['customer_wallet', 'UGX', '200'],
      ['customer_wallet', 'KES', '100'],
    ]);
    const inUgx = await shop.ledger.accounts({ limit: 10, kind: 'adjustment', currency: 'UGX' });
    expect(inUgx.items).toMatchObject([{ kind: 'adjustment', owner: '', currency: 'UGX', balanceMinor: '-200' }]);
    const first = await shop.ledger.accounts({ limit: 1 });
    const second = await shop.ledger.accounts({ limit: 1, cursor: first.nextCursor ?? undefined });
    expect(second.items[0]?.id).not.toBe(first.items[0]?.id);
  });

  test('list entries with their postings by kind, account and time', async () => {
    const customerId = await shop.newCustomer();
    const { entryId } = await adjust(customerId, 300);
    const [account] = (await shop.ledger.accounts({ limit: 1, owner: customerId })).items;
    const query = { limit: 10, account: account?.id };
    const { items } = await shop.ledger.entries(query);
    expect(items).toMatchObject([{ id: entryId, kind: 'adjustment', createdBy: 'operator-1', paymentId: null }]);
    expect(items[0]?.postings.map(({ amountMinor }) => amountMinor).sort()).toEqual([-300, 300]);
    const at = items[0]?.createdAt ?? '';
    const later = new Date(Date.parse(at) + 1).toISOString();
    const found = async (filter: object) => (await shop.ledger.entries({ ...query, ...filter })).items.length;
    expect(await found({ from: at, to: later })).toBe(1);
    expect(await found({ from: later })).toBe(0);
    expect(await found({ to: at })).toBe(0);
    expect(await found({ kind: 'top_up' })).toBe(0);
    await expect(shop.ledger.entries({ ...query, from: at, to: at })).rejects.toMatchObject({
      code: 'validation_failed',
      issues: [{ path: 'to' }],
    });
  });

  test('prove themselves: every currency sums to 0, by kind', async () => {
    const { ok, currencies, wrong } = await shop.ledger.trialBalance();
    expect({ ok, wrong }).toEqual({ ok: true, wrong: [] });
    expect(currencies.map(({ currency, sumMinor }) => [currency, sumMinor])).toEqual([
      ['KES', '0'],
      ['UGX', '0'],
    ]);
    const kes = currencies[0]?.kinds ?? [];
    expect(kes.map(({ kind }) => kind)).toEqual(['adjustment', 'customer_wallet']);
    expect(kes.reduce((sum, { sumMinor }) => sum + BigInt(sumMinor), 0n)).toBe(0n);
  });
});
