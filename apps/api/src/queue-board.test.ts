import { createProducer } from '@turnpike/queue/producer.js';
import { openApiRig, OWNER, type ApiRig } from './api-rig.js';

const paymentId = '0190b5c1-0000-7000-8000-000000000001';

describe('the queue board', () => {
  let rig: ApiRig;
  let origin: string;
  let cookie: string;
  beforeAll(async () => {
    rig = await openApiRig();
    origin = rig.base.replace('/api/v1', '');
    const answer = await fetch(`${rig.base}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: OWNER.email, password: OWNER.password, as: 'cookie' }),
    });
    cookie = answer.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ');
  });
  afterAll(() => rig.close());

  const ask = (path: string, init: { method?: string; headers?: Record<string, string> } = {}) =>
    fetch(`${origin}/admin/queues${path}`, { ...init, headers: { cookie, ...init.headers } });
  const bearerOf = async (role: string) => {
    const email = `${role}@example.net`;
    const password = 'a long enough password';
    await rig.postgres.database.db.operator.updateMany({ where: { email }, data: { disabledAt: null } });
    await rig.json('POST', '/auth/step-up', { password: OWNER.password });
    const made = await rig.json('POST', '/operators', { email, password, name: role, role });
    expect(made.status).toBe(201);
    const response = await fetch(`${rig.base}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    });
    const { token }: { token: string } = JSON.parse(await response.text());
    return { cookie: '', authorization: `Bearer ${token}` };
  };

  test('is shown to who is signed in to the console, with everything it needs from this server', async () => {
    const page = await ask('/');
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).toContain('<base href="/admin/queues/"');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("style-src 'self' 'unsafe-inline'");
    const scripts = [...html.matchAll(/src="(static\/[^"]+)"/g)].map(([, path]) => path);
    expect(scripts.length).toBeGreaterThan(0);
    for (const path of scripts) {
      const script = await ask(`/${path}`);
      // A body that is not read keeps its connection open, and with it the process of the test.
      expect([script.status, (await script.text()).length > 0]).toEqual([200, true]);
    }
  });

  test('asks no other server for anything: not its page, and not its styles', async () => {
    const html = await (await ask('/')).text();
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//i);
    expect(html).not.toContain('fonts.googleapis.com');
    const styles = [...html.matchAll(/href="(static\/[^"]+\.css)"/g)].map(([, path]) => path);
    expect(styles.length).toBeGreaterThan(0);
    for (const path of styles) {
      expect(await (await ask(`/${path}`)).text()).not.toMatch(/@import|url\(\s*["']?(?:https?:)?\/\//i);
    }
  });

  test('is shown to nobody else', async () => {
    const stranger = await ask('/', { headers: { cookie: '' } });
    expect(stranger.status).toBe(401);
    expect(await stranger.json()).toMatchObject({
      code: 'unauthenticated',
      detail: expect.stringContaining('/console/'),
    });
    expect((await ask('/api/queues', { headers: await bearerOf('agent') })).status).toBe(403);
  });

  test('lists all queues, and tries a failed job again for who may, which the audit trail then says', async () => {
    const producer = createProducer({ connection: rig.durable.redis, prefix: rig.durable.prefix });
    await producer.enqueue('payment.request', { paymentId }, { jobId: 'job-1' });
    await producer.close();
    const listed: { queues: { name: string }[] } = JSON.parse(await (await ask('/api/queues')).text());
    expect(listed.queues.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['payments', 'provisioning', 'sweeps']),
    );
    // It waits, so the board itself refuses: what is asked here is who comes through to it.
    const retried = await ask('/api/queues/payments/job-1/retry', { method: 'PUT' });
    expect(retried.status).toBe(400);
    const viewer = await bearerOf('viewer');
    expect((await ask('/api/queues', { headers: viewer })).status).toBe(200);
    expect((await ask('/api/queues/payments/job-1/retry', { method: 'PUT', headers: viewer })).status).toBe(403);
    const { body } = await rig.json('GET', '/audit?limit=5');
    expect(body['items']).toEqual(
      expect.arrayContaining([expect.objectContaining({ action: 'queue.retry_job', subjectId: 'job-1' })]),
    );
  });

  test.each([
    ['PUT', '/api/queues/payments/job-1/clean'],
    ['PUT', '/api/queues/payments/obliterate'],
    ['PUT', '/api/queues/payments/pause'],
    ['POST', '/api/queues/payments/add'],
  ])('changes nothing else: %s %s is refused', async (method, path) => {
    const answer = await ask(path, { method });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('Nothing was changed') });
  });

  test('takes no write that another site has made the browser send', async () => {
    const answer = await ask('/api/queues/payments/job-1/retry', {
      method: 'PUT',
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    expect(answer.status).toBe(403);
  });

  test('the API lists jobs, tries failed ones again and removes them, by the same rules', async () => {
    const jobs = await rig.json('GET', '/queues/payments/jobs?state=waiting');
    expect(jobs.body['items']).toEqual([
      expect.objectContaining({ id: 'job-1', name: 'payment.request', data: { paymentId } }),
    ]);
    expect((await rig.json('POST', '/queues/payments/jobs/job-1/retry', {})).status).toBe(409);
    expect((await rig.json('DELETE', '/queues/payments/jobs/job-1')).status).toBe(204);
    expect((await rig.json('DELETE', '/queues/payments/jobs/job-1')).status).toBe(404);
    expect((await rig.json('GET', '/queues/nothing/jobs')).status).toBe(404);
  });

  test('the front page and its graph answer in their shapes', async () => {
    const stats = await rig.json('GET', '/dashboard/stats');
    expect(stats).toMatchObject({ status: 200, body: { oldestJobSeconds: null, timeZone: 'Africa/Nairobi' } });
    const series = await rig.json('GET', '/dashboard/series?days=7');
    expect(series.body['points']).toHaveLength(7);
    expect((await rig.json('GET', '/dashboard/series?days=8')).status).toBe(400);
  });
});
