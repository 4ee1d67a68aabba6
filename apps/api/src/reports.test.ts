import { openApiRig, type ApiRig } from './api-rig.js';

let rig: ApiRig;

beforeAll(async () => {
  rig = await openApiRig();
  const { body } = await rig.json('POST', '/packages', {
    name: '=Lisaa limoja',
    type: 'hotspot',
    priceMinor: 2_000,
    currency: 'KES',
    validForSeconds: 3_600,
    downKbps: 2_048,
    upKbps: 1_024,
  });
  const { body: customer } = await rig.json('POST', '/customers', { username: 'wanjiru', msisdn: '0712345678' });
  const sale = { customerId: customer['id'], packageId: body['id'] };
  expect(await rig.json('POST', '/payments/cash', sale)).toMatchObject({ status: 201 });
}, 60_000);

afterAll(async () => {
  await rig.close();
});

async function csv(path: string): Promise<{ type: string | null; name: string | null; lines: string[] }> {
  const headers = { authorization: `Bearer ${rig.token}`, accept: 'text/csv' };
  const response = await fetch(rig.base + path, { headers });
  expect(response.status).toBe(200);
  const bytes = Buffer.from(await response.arrayBuffer());
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  return {
    type: response.headers.get('content-type'),
    name: response.headers.get('content-disposition'),
    lines: bytes.subarray(3).toString().trim().split('\r\n'),
  };
}

describe('reports over HTTP', () => {
  test('are JSON, and a file for who asks for CSV', async () => {
    const json = await rig.json('GET', '/reports/sales?by=package');
    expect(json).toMatchObject({ status: 200, body: { totals: { payments: 1, netMinor: 2_000 }, currency: 'KES' } });
    const file = await csv('/reports/sales?by=package');
    expect(file.type).toMatch(/^text\/csv; *charset=utf-8/);
    expect(file.name).toMatch(/^attachment; filename="sales-by-package-[\d-]+\.csv"$/);
    expect(file.lines[1]).toMatch(/^[\da-f-]{36},"'=Lisaa limoja",1,1,20\.00,0\.00,20\.00,0\.00,KES$/);
    expect((await csv('/reports/churn?months=1')).lines).toHaveLength(2);
    expect((await csv('/reports/tax')).lines.at(-1)).toMatch(/^total,20\.00,/);
    const lines = await csv('/reports/tax/lines?limit=1');
    expect(lines.lines).toHaveLength(2);
    expect(lines.lines[1]).toMatch(/^\d{4}-\d\d-\d\d,\d\d:\d\d:\d\d,sale,/);
  });

  test('refuse days that are none, a range too long, and a grouping that there is not', async () => {
    for (const query of [
      'from=2026-02-30',
      'from=2024-01-01&to=2026-01-01',
      'by=colour',
      'from=2026-01-02&to=2026-01-02',
    ]) {
      expect(await rig.json('GET', `/reports/sales?${query}`)).toMatchObject({
        status: 400,
        body: { code: 'validation_failed' },
      });
    }
  });

  test('are set up to be mailed, changed and deleted', async () => {
    const body = { what: { report: 'sales', by: 'site' }, every: 'week', recipients: ['owner@example.net'] };
    const made = await rig.json('POST', '/reports/schedules', body);
    expect(made).toMatchObject({ status: 201, body: { ...body, atHour: 7, language: 'en', enabled: true } });
    const path = `/reports/schedules/${String(made.body['id'])}`;
    expect(await rig.json('PATCH', path, { atHour: 18 })).toMatchObject({ status: 200, body: { atHour: 18 } });
    expect(await rig.json('GET', '/reports/schedules')).toMatchObject({ body: { items: [{ atHour: 18 }] } });
    for (const wrong of [
      { ...body, recipients: ['nobody'] },
      { ...body, recipients: [] },
      { ...body, recipients: ['a@example.net', 'A@example.net'] },
      { ...body, what: { report: 'sales', by: 'colour' } },
      { ...body, atHour: 24 },
    ]) {
      expect(await rig.json('POST', '/reports/schedules', wrong)).toMatchObject({ status: 400 });
    }
    expect(await rig.json('DELETE', path)).toMatchObject({ status: 204 });
    expect(await rig.json('GET', path)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});
