import { openApiRig, type ApiRig } from './api-rig.js';

let rig: ApiRig;

beforeAll(async () => {
  rig = await openApiRig();
}, 60_000);

afterAll(() => rig.close());

async function open(minutes: number): Promise<string> {
  const at = new Date();
  const { id } = await rig.postgres.database.db.alert.create({
    data: {
      kind: 'queue_stuck',
      severity: 'critical',
      subjectKind: 'queue',
      subjectId: `payments ${minutes}`,
      params: { name: 'payments' },
      value: minutes,
      threshold: 120,
      firstSeenAt: at,
      openedAt: at,
      lastSeenAt: at,
    },
  });
  return id;
}

test('alerts are read, taken over by name, and counted', async () => {
  const [first, second] = [await open(130), await open(140)];
  const seenOnce = await open(150);
  await rig.postgres.database.db.alert.update({ where: { id: seenOnce }, data: { openedAt: null } });
  const listed = await rig.json('GET', '/alerts?state=open&kind=queue_stuck&severity=critical');
  expect(listed.body['items']).toMatchObject([{ id: second }, { id: first }]);
  expect((await rig.json('GET', `/alerts/${seenOnce}`)).status).toBe(404);
  const taken = await rig.json('POST', `/alerts/${first}/acknowledge`, { note: 'restarting the worker' });
  expect(taken).toMatchObject({
    status: 200,
    body: {
      state: 'acknowledged',
      title: 'The oldest job of the queue payments has waited for 130 seconds',
      acknowledgedBy: { name: 'Owner' },
      note: 'restarting the worker',
    },
  });
  expect((await rig.json('GET', '/alerts/summary')).body).toMatchObject({
    open: 1,
    critical: 1,
    acknowledged: 1,
    newest: { id: second },
  });
  const trail = await rig.json('GET', '/audit?subjectType=alert');
  expect(trail.body['items']).toMatchObject([{ action: 'alert.acknowledge', subjectId: first }]);
});

test('what was taken over is heard of on the live stream at once', async () => {
  const id = await open(160);
  const stop = new AbortController();
  const stream = await fetch(`${rig.base}/events`, {
    headers: { authorization: `Bearer ${rig.token}` },
    signal: stop.signal,
  });
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  await rig.json('POST', `/alerts/${id}/acknowledge`, {});
  let text = '';
  while (!text.includes(id)) text += (await reader?.read())?.value ?? '';
  expect(text).toContain('"topic":"alerts"');
  stop.abort();
});

test('rules are changed bit by bit, say what is wrong, and are known by their kind', async () => {
  const path = '/alerts/rules/router_offline';
  expect((await rig.json('GET', path)).body).toMatchObject({ threshold: 3, changed: false, notify: { owners: true } });
  const quiet = { from: '22:00', to: '06:00' };
  const changed = await rig.json('PATCH', path, { notify: { msisdns: ['0712 345 678'], quiet } });
  expect(changed.body).toMatchObject({
    threshold: 3,
    changed: true,
    notify: { owners: true, msisdns: ['254712345678'], emails: [], quiet },
  });
  expect((await rig.json('PATCH', path, { threshold: 7, notify: { quiet: null } })).body).toMatchObject({
    threshold: 7,
    notify: { msisdns: ['254712345678'], quiet: null },
  });
  const wrong: readonly [object, string][] = [
    [{ threshold: 5_000 }, 'threshold'],
    [{ clearMinutes: -1 }, 'clearMinutes'],
    [{ notify: { emails: ['nobody'] } }, 'notify.emails.0'],
    [{ notify: { msisdns: ['12'] } }, 'notify.msisdns.0'],
    [{ notify: { quiet: { from: '22:00', to: '22:00' } } }, 'notify.quiet.to'],
    [{ notify: { quiet: { from: '25:00', to: '06:00' } } }, 'notify.quiet.from'],
  ];
  for (const [body, issue] of wrong) {
    expect(await rig.json('PATCH', path, body)).toMatchObject({ status: 400, body: { issues: [{ path: issue }] } });
  }
  expect((await rig.json('PATCH', '/alerts/rules/weather', {})).status).toBe(400);
  const { body } = await rig.json('GET', '/alerts/rules');
  expect(body['items']).toHaveLength(16);
});
