import type { PaymentRow } from './payment.store.js';
import { openPaymentsRig, type PaymentsRig } from './payments-rig.js';
import type { PaymentProvider } from './provider.js';
import { accepted, processing, queryAnswer } from './test-daraja.js';

let rig: PaymentsRig;
let row: PaymentRow;

const signal = new AbortController().signal;
const names = ['mpesa', 'paybill', 'cash', 'wallet'] as const;

beforeAll(async () => {
  rig = await openPaymentsRig();
  const { id: packageId } = await rig.newPackage();
  const { reference } = await rig.purchases.start({ packageId, msisdn: '0712345678', createdBy: 'portal' });
  row = { ...(await rig.payment(reference)), customerId: await rig.newCustomer() };
});

afterAll(async () => {
  await rig.close();
});

afterEach(() => {
  rig.daraja.onPush = accepted;
  rig.daraja.onQuery = () => processing;
});

function provider(name: string): PaymentProvider {
  const found = rig.providers.get(name);
  if (found === undefined) throw new Error(`no provider ${name}`);
  return found;
}

describe.each(names)('the provider %s', (name) => {
  test('is known by its name, and answers a request with one of the outcomes', async () => {
    expect(provider(name).name).toBe(name);
    const outcome = await provider(name).request(row, signal);
    expect(['asked', 'paid', 'refused', 'unknown']).toContain(outcome.kind);
    if (outcome.kind === 'asked') expect(outcome.providerRequestId).not.toBe('');
    if (outcome.kind === 'refused') expect(outcome.detail).toMatch(/\w+ \w+/);
  });

  test('names an account of the ledger that its money comes from', () => {
    expect(['provider', 'customer_wallet']).toContain(provider(name).account(row).kind);
  });

  test('never throws, whatever goes wrong', async () => {
    rig.daraja.onPush = () => undefined;
    rig.daraja.onQuery = () => undefined;
    const odd = { ...row, msisdn: null, callbackTokenHash: null, providerRequestId: 'ws_CO_1' };
    const { request, query } = provider(name);
    for (const each of [row, odd]) {
      await expect(request(each, signal)).resolves.toHaveProperty('kind');
      if (query !== undefined) await expect(query(each, signal)).resolves.toMatchObject({ kind: 'unknown' });
    }
    await expect(request(row, AbortSignal.abort())).resolves.toHaveProperty('kind');
  });

  test('a query tells paid, failed, pending and unknown apart', async () => {
    const { query } = provider(name);
    if (query === undefined) return;
    const asked = { ...row, providerRequestId: 'ws_CO_1' };
    rig.clock.advance(60_000);
    for (const [answer, kind] of [
      [queryAnswer('0'), 'paid'],
      [queryAnswer('1032'), 'failed'],
      [queryAnswer('4999'), 'pending'],
      [processing, 'pending'],
      [{ status: 200, body: {} }, 'unknown'],
    ] as const) {
      rig.daraja.onQuery = () => answer;
      expect(await query(asked, signal)).toMatchObject({ kind });
    }
    expect(await query({ ...row, providerRequestId: null }, signal)).toMatchObject({ kind: 'unknown' });
  });
});
