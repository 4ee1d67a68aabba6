import { createHash, randomBytes } from 'node:crypto';
import { openApiRig, type ApiRig } from './api-rig.js';

let rig: ApiRig;
let packageId: string;

beforeAll(async () => {
  rig = await openApiRig();
  const sold = await rig.json('POST', '/packages', {
    name: 'One hour',
    type: 'hotspot',
    priceMinor: 1_000,
    currency: 'KES',
    validForSeconds: 3_600,
    downKbps: 5_000,
    upKbps: 2_000,
  });
  packageId = String(sold.body['id']);
});

afterAll(async () => {
  await rig.close();
});

const say = (path: string, body: string | Buffer, type = 'application/json') =>
  fetch(rig.base + path, {
    method: 'POST',
    headers: { 'content-type': type },
    body: new Uint8Array(Buffer.from(body)),
  });

async function openPayment(): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await rig.postgres.database.db.payment.create({
    data: {
      reference: randomBytes(16).toString('base64url'),
      provider: 'mpesa',
      state: 'requested',
      purpose: 'package',
      amountMinor: 1_000n,
      currency: 'KES',
      createdBy: 'portal',
      callbackTokenHash: createHash('sha256').update(token).digest('base64url'),
    },
  });
  return token;
}

describe('payments over HTTP', () => {
  test('M5: a result is kept whatever it is, and answered within 200 ms in the words of M-Pesa', async () => {
    const path = `/payments/mpesa/callback/${await openPayment()}`;
    await say(path, '{}');
    const bodies: [string | Buffer, string][] = [
      ['{"Body":{}}', 'application/json'],
      ['{"__proto__":1', 'application/json'],
      ['<xml/>', 'text/xml'],
      [Buffer.from([0xff, 0, 0xfe]), 'application/octet-stream'],
      ['', 'text/plain'],
    ];
    const tookMs: number[] = [];
    for (const [body, type] of bodies) {
      const startedMs = performance.now();
      const response = await say(path, body, type);
      expect([response.status, await response.json()]).toEqual([200, { ResultCode: 0, ResultDesc: 'Accepted' }]);
      tookMs.push(performance.now() - startedMs);
    }
    // The best of them: what other processes of a busy machine take is not ours.
    expect(Math.min(...tookMs)).toBeLessThan(200);
    expect(await rig.postgres.database.db.paymentMessage.count()).toBe(bodies.length + 1);
    expect((await say(path, 'x'.repeat(16_385))).status).toBe(413);
  });

  test('M1: a token of no payment is not found, as is every token where the paybill is not set up', async () => {
    for (const where of [
      'mpesa/callback',
      'mpesa/confirmation',
      'mpesa/validation',
      'paybill/confirmation',
      'paybill/validation',
    ]) {
      expect([where, (await say(`/payments/${where}/${'A'.repeat(43)}`, '{}')).status]).toEqual([where, 404]);
    }
  });

  test('a package is sold for cash, shown, refunded, and sold again from the wallet', async () => {
    const customer = await rig.json('POST', '/customers', { msisdn: '0712345678' });
    const customerId = String(customer.body['id']);
    const sold = await rig.json('POST', '/payments/cash', { customerId, packageId });
    expect([sold.status, sold.body]).toMatchObject([
      201,
      { state: 'succeeded', packageName: 'One hour', amountMinor: 1_000 },
    ]);
    const id = String(sold.body['id']);
    expect((await rig.json('GET', `/payments/${id}`)).body).toMatchObject({ id, messages: [] });
    expect((await rig.json('GET', `/customers/${customerId}/payments`)).body).toMatchObject({ items: [{ id }] });
    const refund = await rig.json('POST', `/payments/${id}/refund`, { to: 'wallet' });
    expect(refund.body).toMatchObject({ state: 'succeeded', refundedAt: expect.any(String) });
    const again = await rig.json('POST', '/payments/wallet', { customerId, packageId });
    expect(again.body).toMatchObject({ provider: 'wallet', state: 'succeeded' });
    const broke = await rig.json('POST', '/payments/wallet', { customerId, packageId });
    expect([broke.status, broke.body['detail']]).toEqual([409, expect.stringContaining('top it up')]);
    expect((await rig.json('GET', '/payments/summary')).body).toMatchObject({
      totals: [{ currency: 'KES', succeeded: 2 }],
    });
  });

  test('a statement of a megabyte is taken', async () => {
    const line = `ABC,2026-03-01 15:00,Completed,,${'x'.repeat(900)}\n`;
    const csv = `Receipt No.,Completion Time,Transaction Status,Paid In,Details\n${line.repeat(1_100)}`;
    const imported = await rig.json('POST', '/payments/statements', { provider: 'mpesa', csv });
    expect([imported.status, imported.body]).toMatchObject([200, { skipped: 1_100, lines: 0 }]);
  });

  test('a receipt is entered by hand, and what waits for a person is listed', async () => {
    const entered = await rig.json('POST', '/payments/manual', {
      msisdn: '0712345678',
      receipt: 'qwe1234567',
      amountMinor: 500,
    });
    expect([entered.status, entered.body]).toMatchObject([201, { receipt: 'QWE1234567', purpose: 'top_up' }]);
    const dup = await rig.json('POST', '/payments/manual', {
      msisdn: '0712345678',
      receipt: 'QWE1234567',
      amountMinor: 500,
    });
    expect(dup.status).toBe(409);
    expect((await rig.json('GET', '/payments/review')).body).toEqual({ items: [], nextCursor: null });
    expect((await rig.json('GET', '/payments?q=qwe1234567')).body).toMatchObject({
      items: [{ id: entered.body['id'] }],
    });
  });
});
