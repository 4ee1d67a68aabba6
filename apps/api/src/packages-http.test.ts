import { openApiRig, type ApiAnswer, type ApiRig } from './api-rig.js';

let rig: ApiRig;

beforeAll(async () => {
  rig = await openApiRig();
});

afterAll(() => rig.close());

const DAILY = {
  name: 'Daily',
  type: 'hotspot',
  priceMinor: 5_000,
  currency: 'KES',
  validForSeconds: 86_400,
  downKbps: 5_000,
  upKbps: 1_000,
};
const burst = { downKbps: 9_000, upKbps: 3_000, thresholdDownKbps: 4_000, thresholdUpKbps: 800, seconds: 8 };

async function expectStatus(status: number, method: string, path: string, body?: unknown): Promise<ApiAnswer['body']> {
  const answer = await rig.json(method, path, body);
  expect([method, path, answer.status, answer.body['detail']]).toEqual([method, path, status, answer.body['detail']]);
  return answer.body;
}

describe('packages over HTTP', () => {
  test('made, tried, copied, sold, refused to be deleted, archived; the purchase tells what is left', async () => {
    const made = await expectStatus(201, 'POST', '/packages', { ...DAILY, burst, validFrom: 'first_login' });
    const path = `/packages/${String(made['id'])}`;
    expect(made).toMatchObject({ burst, validFrom: 'first_login', onRepeat: 'extend', visibility: 'public' });
    const preview = await expectStatus(200, 'GET', `${path}/radius-preview`);
    expect(preview['attributes']).toContainEqual(
      expect.objectContaining({ name: 'Mikrotik-Rate-Limit', value: '1000k/5000k 3000k/9000k 800k/4000k 8/8' }),
    );
    expect(preview['conditions']).toContain('its time begins with the first login');

    const copy = await expectStatus(201, 'POST', `${path}/duplicate`);
    expect(copy).toMatchObject({ name: 'Daily (copy)', active: false, burst });
    const copyPath = `/packages/${String(copy['id'])}`;
    expect(await expectStatus(200, 'POST', `${copyPath}/activate`)).toMatchObject({ active: true });
    expect(await expectStatus(200, 'POST', `${copyPath}/deactivate`)).toMatchObject({ active: false });
    await expectStatus(204, 'DELETE', copyPath);

    const customer = await expectStatus(201, 'POST', '/customers', { username: 'asha' });
    const grants = `/customers/${String(customer['id'])}/grants`;
    const granted = await expectStatus(201, 'POST', grants, { packageId: made['id'] });
    expect(granted).toMatchObject({ state: 'pending', validForSeconds: 86_400, burst });
    expect(await expectStatus(200, 'GET', `/entitlements/${String(granted['id'])}`)).toMatchObject({
      left: { seconds: 86_400, onlineSeconds: null, octets: null, devices: 1 },
    });

    const kept = await expectStatus(409, 'DELETE', path);
    expect(kept['detail']).toContain(`archive it with POST ${path}/archive`);
    expect(await expectStatus(200, 'POST', `${path}/archive`)).toMatchObject({ active: false });
    expect(await expectStatus(200, 'GET', '/packages?q=dai')).toMatchObject({ items: [] });
    expect(await expectStatus(200, 'GET', '/packages?archived=true&visibility=public')).toMatchObject({
      items: [{ id: made['id'] }],
    });
    const refused = await expectStatus(409, 'POST', grants, { packageId: made['id'] });
    expect(refused['detail']).toContain('is archived');
  });

  test('a burst that does not fit is refused by its field', async () => {
    const { body, status } = await rig.json('POST', '/packages', {
      ...DAILY,
      name: 'Slow burst',
      burst: { ...burst, upKbps: 900 },
    });
    expect([status, body['issues']]).toEqual([
      400,
      [{ path: 'burst.upKbps', message: "must be at least the package's own rate, 1000" }],
    ]);
  });
});
