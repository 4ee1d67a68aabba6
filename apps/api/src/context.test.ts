import { contractEndpoints } from '@turnpike/testkit/contract-endpoints.js';
import { openApiRig, OWNER, type ApiRig } from './api-rig.js';

let rig: ApiRig;

beforeAll(async () => {
  rig = await openApiRig();
});

afterAll(() => rig.close());

const json: ApiRig['json'] = (...request) => rig.json(...request);

/** A machine that is busy with other tests may need longer than a caller is made to wait: 503 means try again. */
async function patiently(ask: () => ReturnType<typeof json>) {
  for (let left = 5; left > 0; left -= 1) {
    const answer = await ask();
    if (answer.status !== 503) return answer;
  }
  return ask();
}

describe('the API as a whole', () => {
  test('lives, is ready, and answers who is signed in', async () => {
    expect(await json('GET', '/health/live')).toEqual({ status: 200, body: { status: 'ok' } });
    expect(await json('GET', '/health/ready')).toEqual({ status: 200, body: { status: 'ok' } });
    expect(await json('GET', '/me')).toMatchObject({ status: 200, body: { email: OWNER.email } });
    expect(await rig.api.ready()).toMatchObject({ ok: true, checks: { postgresql: 'ok', 'redis durable': 'ok' } });
  });

  test('health probes every component, and misses the processes that do not run', async () => {
    const { status, body } = await json('GET', '/health');
    expect(status).toBe(200);
    expect(body['components']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'postgresql', ok: true }),
        expect.objectContaining({ name: 'redis durable', ok: true }),
        expect.objectContaining({ name: 'redis cache', ok: true }),
      ]),
    );
  });

  test('tells how full the queues and the cache are, and empties the cache', async () => {
    const queues = await patiently(() => json('GET', '/queues'));
    expect(queues.status).toBe(200);
    expect(queues.body['items']).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'provisioning', waiting: 0, active: 0, failed: 0 })]),
    );
    expect(await json('GET', '/cache/stats')).toMatchObject({
      status: 200,
      body: { usedMemoryBytes: expect.any(Number) },
    });
    expect((await json('POST', '/cache/invalidate')).status).toBe(204);
  });

  test('S7: a body that is too large, no JSON, or has an unknown field is refused', async () => {
    expect(await json('POST', '/packages', { name: 'x'.repeat(70_000) })).toMatchObject({
      status: 413,
      body: { code: 'payload_too_large' },
    });
    expect(await json('POST', '/operators', { constructor: {}, email: 'x' })).toMatchObject({
      status: 400,
      body: {
        issues: expect.arrayContaining([expect.objectContaining({ path: 'constructor', message: 'unknown field' })]),
      },
    });
  });

  test('sells a package to a customer', async () => {
    const made = await json('POST', '/packages', {
      name: '1 hour',
      type: 'hotspot',
      priceMinor: 2_000,
      currency: 'KES',
      validForSeconds: 3_600,
      downKbps: 5_000,
      upKbps: 1_000,
    });
    const customer = await json('POST', '/customers', { username: 'asha' });
    expect([made.status, customer.status]).toEqual([201, 201]);
    const grant = await json('POST', `/customers/${String(customer.body['id'])}/grants`, {
      packageId: made.body['id'],
    });
    expect(grant).toMatchObject({ status: 201, body: { state: 'active' } });
  });
});

describe('vouchers, devices and entitlements over HTTP', () => {
  let packageId: string;

  beforeAll(async () => {
    const made = await json('POST', '/packages', {
      name: 'Evenings',
      type: 'hotspot',
      priceMinor: 500,
      currency: 'KES',
      validForSeconds: 3_600,
      downKbps: 5_000,
      upKbps: 1_000,
      onlineSeconds: 1_800,
      schedule: [{ days: [1, 2, 3, 4, 5], from: '18:00', to: '02:00' }],
      sites: ['Town'],
      macLogin: true,
    });
    expect(made).toMatchObject({ status: 201, body: { onlineSeconds: 1_800, sites: ['Town'], routerIds: [] } });
    packageId = String(made.body['id']);
  });

  test('a batch of 10,000 codes is made in one request within a few seconds, and revoked', async () => {
    const startedMs = performance.now();
    const made = await json('POST', '/voucher-batches', { packageId, count: 10_000 });
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    expect([made.status, made.body['codes']]).toEqual([201, expect.any(Array)]);
    const id = String(made.body['id']);
    const { body } = await json('GET', '/voucher-batches');
    expect(body['items']).toMatchObject([{ id, packageName: 'Evenings', count: 10_000, unused: 10_000 }]);
    expect(JSON.stringify(body)).not.toContain('codes');
    expect(await json('POST', `/voucher-batches/${id}/revoke`)).toEqual({ status: 200, body: { revoked: 10_000 } });
  });

  test('a batch answers as JSON, CSV or PDF, the same codes again with the same Idempotency-Key', async () => {
    const asked = (key: string, accept: string, more: object = {}) =>
      fetch(`${rig.base}/voucher-batches`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${rig.token}`,
          'content-type': 'application/json',
          'idempotency-key': key,
          accept,
        },
        body: JSON.stringify({ packageId, count: 30, ...more }),
      });
    const csv = await asked('print-1', 'text/csv');
    expect([csv.status, csv.headers.get('content-type')]).toEqual([201, 'text/csv; charset=utf-8; header=present']);
    expect(csv.headers.get('content-disposition')).toMatch(/^attachment; filename="vouchers-[0-9A-F]{8}\.csv"$/);
    const printed = (await csv.text())
      .trimEnd()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(',').at(-2));
    const again = await asked('print-1', 'application/json');
    expect([again.headers.get('idempotency-replayed'), await again.json()]).toEqual([
      'true',
      expect.objectContaining({ packageName: 'Evenings', priceMinor: 500, codes: printed }),
    ]);
    const pdf = await asked('print-1', 'application/pdf');
    expect([pdf.status, pdf.headers.get('content-type')]).toEqual([201, 'application/pdf']);
    expect((await pdf.text()).startsWith('%PDF-')).toBe(true);
    const roll = await asked('print-2', '*/*', { format: 'pdf-58mm' });
    expect(roll.headers.get('content-disposition')).toMatch(/-58mm\.pdf"$/);
    await roll.arrayBuffer();
    const [code = ''] = printed;
    const found = await json('GET', `/vouchers?q=${code.toLowerCase()}`);
    expect(found).toMatchObject({ status: 200, body: { items: [{ state: 'unused', packageName: 'Evenings' }] } });
    const customer = await json('POST', '/customers', { username: 'with-voucher' });
    const id = String(customer.body['id']);
    const given = await json('POST', `/customers/${id}/vouchers`, { code });
    expect(given).toMatchObject({ status: 201, body: { customerId: id, packageName: 'Evenings' } });
    expect(await json('GET', `/vouchers?q=${code}`)).toMatchObject({
      body: { items: [{ state: 'redeemed', redeemedBy: { username: 'with-voucher' } }] },
    });
  });

  test('a device is added, blocked and removed', async () => {
    const customer = await json('POST', '/customers', { username: 'with-devices', devicesOnly: true });
    expect(customer).toMatchObject({ status: 201, body: { devicesOnly: true } });
    const devices = `/customers/${String(customer.body['id'])}/devices`;
    const made = await json('POST', devices, { mac: 'aabb.ccdd.ee0f', name: 'Phone' });
    expect(made).toMatchObject({ status: 201, body: { mac: 'AA:BB:CC:DD:EE:0F', blocked: false } });
    const device = `${devices}/${String(made.body['id'])}`;
    expect(await json('PATCH', device, { blocked: true })).toMatchObject({ status: 200, body: { blocked: true } });
    expect(await json('POST', devices, { mac: 'AABBCCDDEE0F' })).toMatchObject({
      status: 409,
      body: { issues: [{ path: 'mac', message: 'is taken' }] },
    });
    expect((await json('DELETE', device)).status).toBe(204);
    expect(await json('GET', devices)).toEqual({ status: 200, body: { items: [] } });
  });

  test('an entitlement is suspended, resumed and refunded; what makes no sense is refused in words', async () => {
    const customer = await json('POST', '/customers', { username: 'on-and-off' });
    const grant = await json('POST', `/customers/${String(customer.body['id'])}/grants`, { packageId });
    const order = (verb: string) => json('POST', `/entitlements/${String(grant.body['id'])}/${verb}`);
    expect(await order('resume')).toMatchObject({ status: 409, body: { code: 'conflict', state: 'active' } });
    expect(await order('suspend')).toMatchObject({ status: 200, body: { state: 'suspended' } });
    expect(await order('resume')).toMatchObject({ status: 200, body: { state: 'active', macLogin: true } });
    expect(await order('refund')).toMatchObject({ status: 200, body: { state: 'refunded' } });
    expect(await order('suspend')).toMatchObject({
      status: 409,
      body: { detail: 'this entitlement cannot be suspended: it has been refunded already; grant a package anew' },
    });
  });
});

describe('openapi.json', () => {
  test('is OpenAPI 3.1 with every endpoint of the API, each with its answers and its errors', async () => {
    const { body } = await json('GET', '/openapi.json');
    expect(body['openapi']).toMatch(/^3\.1\./);
    expect(body['info']).toMatchObject({ title: expect.any(String), version: expect.any(String) });
    const operations = operationsOf(body);
    const promised = (await contractEndpoints()).map((each) => `${each.method} ${each.path}`);
    expect(promised.length).toBeGreaterThan(50);
    expect(operations.map((each) => each.key).sort()).toEqual(promised.sort());
    for (const { key, operation } of operations) {
      const statuses = Object.keys(record(operation['responses']));
      expect([key, statuses.some((status) => /^2\d\d$/.test(status))]).toEqual([key, true]);
      expect([key, statuses.some((status) => /^(4|5|default)/.test(status))]).toEqual([key, true]);
      for (const name of key.matchAll(/\{(\w+)\}/g)) {
        expect(operation['parameters']).toEqual(
          expect.arrayContaining([expect.objectContaining({ name: name[1], in: 'path', required: true })]),
        );
      }
    }
    const ids = operations.map((each) => each.operation['operationId']).filter((id) => id !== undefined);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('has no reference that leads nowhere', async () => {
    const { body } = await json('GET', '/openapi.json');
    const refs = [...new Set(refsIn(body))];
    expect(refs.length).toBeGreaterThan(0);
    for (const ref of refs) expect([ref, resolve(body, ref) !== undefined]).toEqual([ref, true]);
  });

  test('what it lists is served: none of it is a 404 or 405 of the router', async () => {
    const { body } = await json('GET', '/openapi.json');
    for (const { key } of operationsOf(body)) {
      const [method = '', path = ''] = key.split(' ');
      // To those who do not know its token a callback is not there.
      if (path === '/events' || path.endsWith('/{token}')) continue;
      const response = await fetch(rig.base + path.replaceAll(/\{\w+\}/g, 'x'), { method: method.toUpperCase() });
      await response.arrayBuffer();
      expect([key, [404, 405].includes(response.status)]).toEqual([key, false]);
    }
  });
});

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function operationsOf(document: Record<string, unknown>): { key: string; operation: Record<string, unknown> }[] {
  return Object.entries(record(document['paths'])).flatMap(([path, item]) =>
    Object.entries(record(item)).map(([method, operation]) => ({
      key: `${method} ${path}`,
      operation: record(operation),
    })),
  );
}

function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : refsIn(inner),
  );
}

function resolve(document: unknown, ref: string): unknown {
  if (!ref.startsWith('#/')) return undefined;
  return ref
    .slice(2)
    .split('/')
    .reduce<unknown>((at, part) => record(at)[part.replaceAll('~1', '/').replaceAll('~0', '~')], document);
}
