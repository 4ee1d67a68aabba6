import { createAlertsService } from './alerts.service.js';
import { openAlertsRig, START, type AlertsRig } from './alerts-rig.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PHONE = '254712345678';

let rig: AlertsRig;
let owner: string;

beforeAll(async () => {
  rig = await openAlertsRig();
  const { db } = rig.postgres.database;
  const data = { email: 'owner@example.net', name: 'Owner', role: 'owner', passwordHash: 'x' } as const;
  owner = (await db.operator.create({ data })).id;
  await db.operator.create({ data: { ...data, email: 'gone@example.net', disabledAt: START } });
});

beforeEach(() => rig.fresh());

afterAll(() => rig.close());

const db = () => rig.postgres.database.db;

function service() {
  const { transact } = rig.postgres.database;
  return createAlertsService({ db: db(), transact, clock: rig.clock, namesOf: async () => new Map() });
}

const by = () =>
  ({
    id: owner,
    name: 'Owner',
    role: 'owner',
    scopes: [],
    tokenId: 't',
    kind: 'session',
    sites: null,
    stepUpUntil: null,
  }) as const;

const set = (change: Parameters<ReturnType<typeof service>['changeRule']>[1]) =>
  service().changeRule('router_offline', change, by(), 'r');

async function offline(count = 1): Promise<string[]> {
  const made: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const more = { name: `Gate ${at}`, status: 'offline', lastSeenAt: rig.ago(HOUR) } as const;
    made.push(await rig.rows.router(`127.0.3.${at}`, 's', more));
  }
  return made;
}

const setStatus = (status: 'online' | 'offline') => db().router.updateMany({ data: { status } });

/** Their end, and the minute that it has to last. */
async function mend(): Promise<void> {
  await setStatus('online');
  await rig.sweep(6);
}

describe('opening and ending', () => {
  test('opens with the second sweep that sees it, and not with the first', async () => {
    await offline();
    await rig.sweep();
    expect(await rig.open()).toEqual([]);
    await rig.sweep();
    expect(await rig.open()).toHaveLength(1);
    expect(rig.events).toEqual([{ type: 'changed', topic: 'alerts', id: null }]);
  });

  test('what was seen once is forgotten', async () => {
    await offline();
    await rig.sweep();
    await setStatus('online');
    await rig.sweep();
    await setStatus('offline');
    await rig.sweep();
    expect(await rig.open()).toEqual([]);
    expect(await db().alert.count()).toBe(1);
    expect(rig.events).toEqual([]);
  });

  test('is not over before it was gone for its minutes, and a relapse in between makes no second one', async () => {
    await offline();
    await rig.sweep(2);
    await setStatus('online');
    await rig.sweep(2);
    await setStatus('offline');
    await rig.sweep(2);
    await setStatus('online');
    await rig.sweep(4);
    expect(await rig.open()).toHaveLength(1);
    await rig.sweep(1);
    expect(await rig.open()).toEqual([]);
    expect(await db().alert.count()).toBe(1);
    expect(await rig.messages()).toEqual(['alert_opened owner@example.net', 'alert_resolved owner@example.net']);
  });

  test('back again after its end it is another alert', async () => {
    await offline();
    await rig.sweep(2);
    await mend();
    await setStatus('offline');
    await rig.sweep(2);
    expect(await rig.open()).toHaveLength(1);
    expect(await db().alert.count()).toBe(2);
  });

  test('three workers at once make one alert and one message', async () => {
    await offline(2);
    const sweeps = [rig.newSweep(), rig.newSweep(), rig.newSweep()];
    for (let at = 0; at < 3; at += 1) {
      rig.clock.advance(15_000);
      await Promise.all(sweeps.map((sweep) => sweep(AbortSignal.timeout(10_000))));
    }
    expect(await db().alert.count()).toBe(2);
    expect(await rig.messages()).toEqual(['alert_opened owner@example.net', 'alert_opened owner@example.net']);
    expect(await db().outboxMessage.count({ where: { job: 'notification.send' } })).toBe(2);
  });

  test('a kind that is switched off opens nothing, and ends what was open', async () => {
    await offline();
    await rig.sweep(2);
    await set({ enabled: false });
    await rig.sweep(1);
    expect(await rig.open()).toEqual([]);
    await rig.sweep(3);
    expect(await db().alert.count()).toBe(1);
  });

  test('holds to the threshold that was set', async () => {
    await offline();
    await set({ threshold: 90 });
    await rig.sweep(2);
    expect(await rig.open()).toEqual([]);
    rig.clock.advance(30 * MINUTE);
    await rig.sweep(2);
    expect(await rig.open()).toMatchObject([{ threshold: 90 }]);
  });
});

describe('telling', () => {
  test('owners hear of what is critical, others where a rule names them, each once', async () => {
    await set({
      notify: { emails: ['Noc@example.net', 'noc@example.net'], msisdns: ['0712 345 678'], language: 'sw' },
    });
    await offline();
    await rig.sweep(5);
    expect((await rig.messages()).sort()).toEqual(
      [`alert_opened ${PHONE}`, 'alert_opened noc@example.net', 'alert_opened owner@example.net'].sort(),
    );
    const sms = await db().notification.findFirstOrThrow({ where: { recipient: PHONE } });
    expect(sms).toMatchObject({ channel: 'sms', language: 'sw', state: 'queued', customerId: null });
    expect(sms.params).toMatchObject({ sw: expect.stringContaining('Gate 0 haipatikani'), url: expect.any(String) });
  });

  test('nobody is told of a warning unless somebody asks for it', async () => {
    rig.facts.countUnended = async () => 7;
    await rig.sweep(3);
    expect(await rig.messages()).toEqual([]);
    await service().changeRule('session_orders_failing', { notify: { msisdns: [PHONE] } }, by(), 'r');
    await rig.sweep(2);
    expect(await rig.messages()).toEqual([`alert_opened ${PHONE}`]);
  });

  test('more than ten at once are one message that says how many, at their beginning and their end', async () => {
    await offline(12);
    await rig.sweep(3);
    expect(await rig.open()).toHaveLength(12);
    await mend();
    const sent = await db().notification.findMany({ orderBy: { id: 'asc' } });
    expect(sent.map(({ template }) => template)).toEqual(['alert_opened', 'alert_resolved']);
    expect(sent[0]?.params).toMatchObject({
      en: expect.stringMatching(/^12 alerts at once, among them: Gate 0 has been offline/),
      url: 'https://wifi.example.net/console/alerts',
    });
    expect(sent[1]?.params).toMatchObject({ en: expect.stringMatching(/^12 alerts at once are over/) });
  });

  test('the second half of a storm is counted together with the first', async () => {
    await offline(8);
    await rig.sweep(2);
    expect(await rig.messages()).toHaveLength(8);
    for (let at = 20; at < 26; at += 1) {
      await rig.rows.router(`127.0.3.${at}`, 's', { status: 'offline', lastSeenAt: rig.ago(HOUR) });
    }
    await rig.sweep(2);
    expect(await rig.messages()).toHaveLength(9);
  });

  test('a site that is down is told once for all its routers, and one that stays away when it is back by itself', async () => {
    const [first] = await offline(3);
    await db().router.updateMany({ data: { site: 'Kilimani' } });
    await rig.sweep(3);
    expect(await rig.open()).toHaveLength(4);
    expect(await rig.messages()).toEqual(['alert_opened owner@example.net']);
    await db().router.updateMany({ where: { id: { not: first ?? '' } }, data: { status: 'online' } });
    await rig.sweep(7);
    const sent = await db().notification.findMany({ orderBy: { id: 'asc' } });
    expect(sent.map(({ params }) => JSON.stringify(params))).toEqual([
      expect.stringContaining('All 3 routers at Kilimani are offline'),
      expect.stringContaining('Gate 0 has been offline'),
      expect.stringContaining('All 3 routers at Kilimani are offline'),
    ]);
  });

  test('in quiet hours nobody is told; what goes on after them is told then', async () => {
    // 12:00 UTC is 15:00 in Nairobi.
    await set({ notify: { quiet: { from: '14:00', to: '16:00' } } });
    await offline();
    await rig.sweep(3);
    expect(await rig.messages()).toEqual([]);
    rig.clock.advance(HOUR);
    await rig.sweep(1);
    expect(await rig.messages()).toEqual(['alert_opened owner@example.net']);
  });

  test('what was over before anybody could be told is not told at all', async () => {
    await set({ notify: { quiet: { from: '23:00', to: '16:00' } } });
    await offline();
    await rig.sweep(2);
    await mend();
    rig.clock.advance(2 * HOUR);
    await rig.sweep(2);
    expect(await rig.messages()).toEqual([]);
  });

  test('what somebody took over stays quiet, however long it goes on', async () => {
    await set({ notify: { quiet: { from: '14:00', to: '16:00' } } });
    await offline();
    await rig.sweep(2);
    const [alert] = await rig.open();
    const view = await service().acknowledge(alert?.id ?? '', 'I drive there', { actor: owner, requestId: 'r' });
    expect(view).toMatchObject({ state: 'acknowledged', note: 'I drive there', acknowledgedBy: { id: owner } });
    rig.clock.advance(5 * HOUR);
    await rig.sweep(3);
    expect(await rig.messages()).toEqual([]);
    expect(await rig.open()).toHaveLength(1);
    expect(await db().auditEntry.findMany({ where: { action: 'alert.acknowledge' } })).toHaveLength(1);
  });
});

describe('what people ask for', () => {
  test('lists by state, kind, severity and router in pages, and counts', async () => {
    await offline(3);
    rig.facts.countUnended = async () => 7;
    await rig.sweep(2);
    const [first] = await rig.open();
    await service().acknowledge(first?.id ?? '', undefined, { actor: owner, requestId: 'r' });
    const page = await service().list({ limit: 2, state: 'open' }, null);
    expect(page.items).toHaveLength(2);
    const rest = await service().list({ limit: 2, state: 'open', cursor: page.nextCursor ?? '' }, null);
    expect(rest.items).toHaveLength(1);
    expect(rest.nextCursor).toBeNull();
    expect((await service().list({ limit: 9, severity: 'warning' }, null)).items).toMatchObject([
      { kind: 'session_orders_failing', title: '7 sessions should be over and may still be online' },
    ]);
    const ofFirst = { limit: 9, routerId: first?.routerId ?? '' };
    expect((await service().list(ofFirst, null)).items).toMatchObject([{ id: first?.id, state: 'acknowledged' }]);
    expect((await service().list({ ...ofFirst, state: 'open' }, null)).items).toEqual([]);
    const summary = await service().summary(null);
    expect(summary).toMatchObject({ open: 3, critical: 2, acknowledged: 1, newest: { kind: 'router_offline' } });
    expect(await service().summary(['Kilimani'])).toMatchObject({ open: 0, newest: null });
  });

  test('what is over cannot be taken over, and what is not there neither', async () => {
    await offline();
    await rig.sweep(2);
    const [alert] = await rig.open();
    await mend();
    const take = (id: string) => service().acknowledge(id, undefined, { actor: owner, requestId: 'r' });
    await expect(take(alert?.id ?? '')).rejects.toMatchObject({ code: 'conflict' });
    await expect(take('00000000-0000-7000-8000-000000000000')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('a rule says what is wrong with it, and hides addresses from who may not change them', async () => {
    await expect(set({ threshold: 0 })).rejects.toMatchObject({ issues: [{ path: 'threshold' }] });
    const wrong = set({ notify: { msisdns: [PHONE, '12'] } });
    await expect(wrong).rejects.toMatchObject({ issues: [{ path: 'notify.msisdns.1' }] });
    await expect(service().changeRule('ledger_unbalanced', { threshold: 2 }, by(), 'r')).rejects.toMatchObject({
      code: 'validation_failed',
    });
    await set({ notify: { emails: ['noc@example.net'], msisdns: [PHONE] } });
    const viewer = { ...by(), role: 'viewer' } as const;
    expect((await service().rule('router_offline', viewer)).notify).toMatchObject({
      emails: ['n••••@example.net'],
      msisdns: ['2547••••5678'],
    });
    const trail = await db().auditEntry.findFirstOrThrow({ where: { action: 'alert_rule.update' } });
    expect(JSON.stringify(trail.details)).not.toContain(PHONE);
    expect(await service().rules(by())).toHaveLength(16);
  });
});
