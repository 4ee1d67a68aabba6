import { contractEndpoints } from '@turnpike/testkit/contract-endpoints.js';
import { openApiRig, type ApiRig } from './api-rig.js';

let rig: ApiRig;

beforeAll(async () => {
  rig = await openApiRig();
});

afterAll(async () => {
  await rig.close();
});

const PASSWORD = 'a long enough password';
let made = 0;

interface Call {
  readonly method?: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** As the owner: the answer must be `status`. */
async function asOwner(status: number, method: string, path: string, body?: unknown) {
  const answer = await rig.json(method, path, body);
  expect(answer).toMatchObject({ status });
  return answer.body;
}

/** An agent with 10 %, signed in by an operator of the role `agent`; gives how it makes requests. */
async function newAgent(fundsMinor: number) {
  made += 1;
  const login = { email: `agent-${made}@example.net`, password: PASSWORD };
  const operator = await asOwner(201, 'POST', '/operators', { ...login, name: 'Agent', role: 'agent' });
  const agent = await asOwner(201, 'POST', '/agents', {
    name: `Agent ${made}`,
    commissionBasisPoints: 1_000,
    operatorId: operator['id'],
  });
  const id = String(agent['id']);
  await asOwner(201, 'POST', `/agents/${id}/top-ups`, { amountMinor: fundsMinor, currency: 'KES' });
  const { body } = await rig.json('POST', '/auth/login', login);
  return { id, operatorId: String(operator['id']), call: callerWith(String(body['token'])) };
}

function callerWith(token: string) {
  return async ({ method = 'GET', path, body, headers = {} }: Call) => {
    const response = await fetch(rig.base + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    const parsed: Record<string, unknown> = isJson ? JSON.parse(text) : {};
    return { status: response.status, headers: response.headers, text, body: parsed };
  };
}

async function newPackage(changes: Record<string, unknown> = {}): Promise<string> {
  made += 1;
  const terms = { type: 'hotspot', validForSeconds: 3_600, downKbps: 5_000, upKbps: 2_000 };
  const body = { ...terms, name: `Package ${made}`, priceMinor: 5_000, currency: 'KES', ...changes };
  return String((await asOwner(201, 'POST', '/packages', body))['id']);
}

describe('an agent over HTTP', () => {
  test('signs in, sees what to sell, sells, and finds the sale in the wallet and in the books', async () => {
    const packageId = await newPackage();
    const { id, operatorId, call } = await newAgent(20_000);
    expect((await call({ path: '/me' })).body).toMatchObject({ role: 'agent', permissions: ['agent:sell'] });
    expect((await call({ path: '/agent/me' })).body).toMatchObject({
      id,
      operatorId,
      balances: [{ currency: 'KES', balanceMinor: '20000' }],
    });
    const offered = (await call({ path: '/agent/packages' })).body['items'];
    expect(offered).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: packageId, priceMinor: 5_000, commissionMinor: 500 })]),
    );
    const sale = await call({ method: 'POST', path: '/agent/voucher-sales', body: { packageId, count: 4 } });
    expect(sale).toMatchObject({
      status: 201,
      body: { count: 4, totalMinor: 20_000, commissionMinor: 2_000, debitedMinor: 18_000, balanceMinor: '2000' },
    });
    const wallet = { balances: [{ balanceMinor: '2000' }], items: [{ amountMinor: -18_000 }, { amountMinor: 20_000 }] };
    expect((await call({ path: '/agent/wallet' })).body).toMatchObject(wallet);
    expect((await asOwner(200, 'GET', `/agents/${id}/wallet`))['items']).toMatchObject(wallet.items);
    expect((await call({ path: '/agent/voucher-sales' })).body).toMatchObject({
      items: [{ id: sale.body['id'], agentId: id, unused: 4 }],
    });
    expect(await asOwner(200, 'GET', '/ledger/entries?kind=voucher_sale')).toMatchObject({
      items: [{ description: expect.stringContaining(String(sale.body['number'])), createdBy: operatorId }],
    });
    expect(await asOwner(200, 'GET', '/ledger/trial-balance')).toMatchObject({ ok: true, wrong: [] });
  });

  test('too little in the wallet is a 409 that tells itself from others', async () => {
    const packageId = await newPackage();
    const { call } = await newAgent(1_000);
    const refused = await call({ method: 'POST', path: '/agent/voucher-sales', body: { packageId, count: 1 } });
    expect(refused).toMatchObject({
      status: 409,
      body: {
        code: 'conflict',
        reason: 'insufficient_funds',
        detail: 'there is KES 10.00 in the wallet and KES 45.00 is needed: top it up, or sell fewer',
      },
    });
  });

  test('a repeated request with its Idempotency-Key gets the same codes and pays once', async () => {
    const packageId = await newPackage();
    const { call } = await newAgent(20_000);
    const headers = { 'idempotency-key': 'sale-1' };
    const request = { method: 'POST', path: '/agent/voucher-sales', body: { packageId, count: 1 }, headers };
    const [first, again] = [await call(request), await call(request)];
    expect([first.status, again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 201, 'true']);
    expect(again.body['codes']).toEqual(first.body['codes']);
    const balances = [{ currency: 'KES', balanceMinor: '15500' }];
    expect((await call({ path: '/agent/me' })).body['balances']).toEqual(balances);
    // As when the process died between the sale and the keeping of its answer.
    await rig.postgres.database.db.idempotencyKey.deleteMany();
    const refused = await call(request);
    expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining('carried out before') } });
    expect((await call({ path: '/agent/me' })).body['balances']).toEqual(balances);
  });

  test('the codes come as a table or ready to print, when asked for so', async () => {
    const packageId = await newPackage();
    const { call } = await newAgent(50_000);
    const sell = (format: string) =>
      call({ method: 'POST', path: '/agent/voucher-sales', body: { packageId, count: 2, format } });
    const [csv, pdf] = [await sell('csv'), await sell('pdf-58mm')];
    expect([csv.status, csv.headers.get('content-type')?.split(';')[0]]).toEqual([201, 'text/csv']);
    expect(csv.text.match(/[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}/g)?.length).toBeGreaterThanOrEqual(2);
    expect([pdf.status, pdf.headers.get('content-type'), pdf.text.slice(0, 5)]).toEqual([
      201,
      'application/pdf',
      '%PDF-',
    ]);
  });

  test('S2: reaches the endpoints of agents and of everybody who is signed in, and nothing else', async () => {
    const { id, call } = await newAgent(1_000);
    const own = new Set(['agent:sell', 'signed-in', 'public']);
    const others = (await contractEndpoints()).filter(({ allow }) => !own.has(allow));
    expect(others.length).toBeGreaterThan(40);
    const wrong: string[] = [];
    for (const { method, path } of others) {
      const { status } = await call({ method: method.toUpperCase(), path: path.replaceAll(/\{\w+\}/g, id) });
      if (status !== 403) wrong.push(`${method} ${path} gave ${status}`);
    }
    expect(wrong).toEqual([]);
  });

  test('S2: sells from no other wallet', async () => {
    const packageId = await newPackage();
    const [one, other] = [await newAgent(20_000), await newAgent(20_000)];
    const sale = { method: 'POST', body: { packageId, count: 1 } };
    expect(await one.call({ ...sale, path: `/agents/${other.id}/voucher-sales` })).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
    expect(await one.call({ ...sale, path: `/agents/${one.id}/voucher-sales` })).toMatchObject({ status: 201 });
    expect(await asOwner(201, 'POST', `/agents/${other.id}/voucher-sales`, sale.body)).toMatchObject({
      balanceMinor: '15500',
    });
  });

  test('S2: is signed out when its operator is disabled', async () => {
    const { operatorId, call } = await newAgent(1_000);
    await asOwner(200, 'PATCH', `/operators/${operatorId}`, { disabled: true });
    await waitFor(async () => (await call({ path: '/agent/me' })).status === 401);
  });
});

describe('wallets of customers over HTTP', () => {
  test('are put right by hand, with a reason, and never below 0', async () => {
    const customer = await asOwner(201, 'POST', '/customers', { username: 'wallet-owner' });
    const path = `/customers/${String(customer['id'])}`;
    const adjustment = { amountMinor: 700, currency: 'KES', reason: 'paid in at the counter' };
    await asOwner(201, 'POST', `${path}/wallet-adjustments`, adjustment);
    const refused = await asOwner(409, 'POST', `${path}/wallet-adjustments`, { ...adjustment, amountMinor: -701 });
    expect(refused).toMatchObject({ reason: 'insufficient_funds' });
    expect(await asOwner(200, 'GET', `${path}/wallet`)).toMatchObject({
      balances: [{ currency: 'KES', balanceMinor: '700' }],
      items: [{ amountMinor: 700, description: 'paid in at the counter' }],
    });
    const { items } = await asOwner(200, 'GET', '/ledger/accounts?kind=customer_wallet');
    expect(items).toMatchObject([{ owner: customer['id'], balanceMinor: '700' }]);
  });
});

/** A revoked token is refused within a second. */
async function waitFor(holds: () => Promise<boolean>): Promise<void> {
  const deadlineMs = Date.now() + 5_000;
  while (!(await holds())) {
    if (Date.now() > deadlineMs) throw new Error('nothing changed within 5 s');
  }
}
