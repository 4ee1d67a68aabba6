import { alertTitle } from '@turnpike/contracts/alert-titles.js';
import { v7 as uuidv7 } from 'uuid';
import type { Prisma } from '@turnpike/db/generated/client.js';
import { appendAudit } from '../audit/audit.store.js';
import { noteLedger } from './alert-memory.js';
import { factsOf } from './alert.view.js';
import { openAlertsRig, type AlertsRig } from './alerts-rig.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let rig: AlertsRig;

beforeAll(async () => {
  rig = await openAlertsRig();
});

beforeEach(() => rig.fresh());

afterAll(() => rig.close());

const db = () => rig.postgres.database.db;

/** What people read of what is open of a kind. */
async function titles(kind: string): Promise<string[]> {
  return (await rig.open(kind)).map((row) => {
    const facts = factsOf(row);
    return facts === undefined ? '?' : alertTitle(facts, 'en');
  });
}

async function payments(count: number, more: Partial<Prisma.PaymentUncheckedCreateInput>): Promise<void> {
  const data = Array.from({ length: count }, () => ({
    reference: uuidv7(),
    provider: 'mpesa',
    purpose: 'package',
    amountMinor: 1_000n,
    currency: 'KES',
    createdBy: 'portal',
    createdAt: rig.ago(MINUTE),
    ...more,
  }));
  await db().payment.createMany({ data });
}

function sms(count: number, state: 'sent' | 'failed' | 'queued', error: string | null = null): Promise<unknown> {
  const data = Array.from({ length: count }, () => ({
    channel: 'sms',
    template: 'usage',
    language: 'en',
    recipient: '254712345678',
    params: {},
    dedupKey: uuidv7(),
    state,
    error,
    createdAt: rig.ago(MINUTE),
  }));
  return db().notification.createMany({ data });
}

describe('what is found', () => {
  test('nothing in a system that is well, empty or not', async () => {
    await rig.rows.router('127.0.2.1', 's', { status: 'online', lastSeenAt: rig.ago(0) });
    await rig.rows.router('127.0.2.2', 's', { status: 'pending' });
    await payments(20, { state: 'succeeded', providerRequestId: null });
    await rig.sweep(3);
    expect(await rig.open()).toEqual([]);
  });

  test('a router is offline after its minutes, and back when it is reached', async () => {
    const id = await rig.rows.router('127.0.2.1', 's', {
      name: 'Gate',
      status: 'offline',
      lastSeenAt: rig.ago(MINUTE),
    });
    await rig.sweep(2);
    expect(await titles('router_offline')).toEqual([]);
    rig.clock.advance(3 * MINUTE);
    await rig.sweep(2);
    expect(await titles('router_offline')).toEqual(['Gate has been offline for 5 minutes']);
    await db().router.update({ where: { id }, data: { status: 'online', lastSeenAt: rig.clock.now() } });
    await rig.sweep(6);
    expect(await titles('router_offline')).toEqual([]);
    expect(await db().alert.findFirst()).toMatchObject({ routerId: id, resolvedAt: expect.any(Date) });
  });

  test('what lasts long is told in hours and days', () => {
    const told = [1, 119, 120, 2_880].map((value) =>
      alertTitle({ kind: 'router_offline', value, params: { name: 'Gate' } }, 'en').replace('Gate has been ', ''),
    );
    expect(told).toEqual([
      'offline for 1 minute',
      'offline for 119 minutes',
      'offline for 2 hours',
      'offline for 2 days',
    ]);
    const params = { name: 'Gate' };
    expect(alertTitle({ kind: 'router_offline', value: 5_000, params }, 'sw')).toBe('Gate haipatikani kwa siku 3');
  });

  test('a deleted router is nobody’s trouble any more', async () => {
    const id = await rig.rows.router('127.0.2.1', 's', { status: 'offline', lastSeenAt: rig.ago(HOUR) });
    await rig.sweep(2);
    expect(await rig.open('router_offline')).toHaveLength(1);
    await db().router.update({ where: { id }, data: { deletedAt: rig.clock.now() } });
    await rig.sweep(6);
    expect(await rig.open('router_offline')).toEqual([]);
  });

  test('a router that is reached and has stopped its RADIUS, for as long as it does, though its sessions are forgotten', async () => {
    const id = await rig.rows.router('127.0.2.1', 's', { name: 'Gate', status: 'online' });
    const quiet = await rig.rows.router('127.0.2.2', 's', { name: 'Nobody there', status: 'online' });
    for (const routerId of [id, quiet]) {
      await db().nasActivity.create({ data: { routerId, lastRequestAt: rig.ago(20 * MINUTE) } });
    }
    const at = { startedAt: rig.ago(HOUR), lastSeenAt: rig.ago(20 * MINUTE) };
    await db().session.create({ data: { key: 'k', acctSessionId: 'a', routerId: id, username: 'amina', ...at } });
    await rig.sweep(2);
    expect(await titles('router_silent_radius')).toEqual([
      'Gate is online but has sent no RADIUS packet for 21 minutes',
    ]);
    await db().session.deleteMany();
    await rig.sweep(2);
    expect(await rig.open('router_silent_radius')).toHaveLength(1);
    await db().nasActivity.update({ where: { routerId: id }, data: { lastRequestAt: rig.clock.now() } });
    await rig.sweep();
    expect(await rig.open('router_silent_radius')).toEqual([]);
  });

  test('a router with a wrong secret, until a packet with a right one', async () => {
    const id = await rig.rows.router('127.0.2.1', 's', { name: 'Gate', status: 'online' });
    const seen = { currentUsedAt: rig.ago(HOUR), lastMismatchAt: rig.ago(1_000) };
    await db().nasActivity.create({ data: { routerId: id, mismatches: 4, ...seen } });
    await rig.sweep(2);
    expect(await titles('router_wrong_secret')).toEqual(['Gate sends RADIUS packets with a wrong secret']);
    await db().nasActivity.update({ where: { routerId: id }, data: { currentUsedAt: rig.clock.now() } });
    await rig.sweep(6);
    expect(await rig.open('router_wrong_secret')).toEqual([]);
  });

  test('a site is down when all its routers are, two at least', async () => {
    const offline = { status: 'offline', lastSeenAt: rig.ago(HOUR) } as const;
    const first = await rig.rows.router('127.0.2.1', 's', { site: 'Kilimani', ...offline });
    await rig.rows.router('127.0.2.2', 's', { site: 'Kilimani', ...offline });
    await rig.rows.router('127.0.2.3', 's', { site: 'Westlands', ...offline });
    await rig.sweep(2);
    expect(await titles('site_down')).toEqual(['All 2 routers at Kilimani are offline']);
    await db().router.update({ where: { id: first }, data: { status: 'online' } });
    await rig.sweep(6);
    expect(await rig.open('site_down')).toEqual([]);
  });

  test('payments fail: by their share, without those that their payers gave up', async () => {
    await payments(6, { state: 'failed', resultCode: '1037' });
    await payments(30, { state: 'failed', resultCode: '1032' });
    await payments(4, { state: 'succeeded' });
    await rig.sweep(2);
    expect(await titles('payments_failing')).toEqual([
      '60 % of the M-Pesa payments of the last 15 minutes failed (6 of 10)',
    ]);
    // Without further payments nobody knows whether it is better.
    rig.clock.advance(HOUR);
    await rig.sweep(2);
    expect(await rig.open('payments_failing')).toHaveLength(1);
    await payments(10, { state: 'succeeded' });
    await rig.sweep(1);
    rig.clock.advance(5 * MINUTE);
    await rig.sweep(1);
    expect(await rig.open('payments_failing')).toEqual([]);
  });

  test('payments wait for an answer, and for a person', async () => {
    await payments(2, { state: 'requested', createdAt: rig.ago(11 * MINUTE) });
    await payments(1, { state: 'review', createdAt: rig.ago(5 * HOUR) });
    await rig.sweep(2);
    expect(await titles('payments_waiting')).toEqual(['2 payments have no end yet, the oldest for 12 minutes']);
    expect(await titles('review_waiting')).toEqual(['A payment waits for a decision, the oldest for 5 hours']);
    await db().payment.updateMany({ data: { state: 'failed', resultCode: '1032' } });
    await rig.sweep(10);
    expect(await rig.open()).toEqual([]);
  });

  test('M-Pesa cannot be reached, until it answers one request', async () => {
    await payments(3, { state: 'failed', resultCode: 'not_asked', requestedAt: rig.ago(MINUTE) });
    await payments(1, { state: 'requested', providerRequestId: 'earlier', requestedAt: rig.ago(5 * MINUTE) });
    await rig.sweep(2);
    expect(await titles('mpesa_unreachable')).toEqual([
      'M-Pesa does not answer: 3 requests in the last 15 minutes failed',
    ]);
    await payments(1, { state: 'requested', providerRequestId: 'later', requestedAt: rig.clock.now() });
    await rig.sweep(6);
    expect(await rig.open('mpesa_unreachable')).toEqual([]);
  });

  test('SMS that do not get through', async () => {
    await sms(2, 'sent');
    await sms(2, 'failed', 'no credit');
    await sms(1, 'queued', 'no answer');
    await rig.sweep(2);
    expect(await titles('sms_failing')).toEqual([
      '60 % of the SMS of the last 15 minutes did not get through (3 of 5)',
    ]);
    await sms(20, 'sent');
    await rig.sweep(1);
    rig.clock.advance(5 * MINUTE);
    await rig.sweep(1);
    expect(await rig.open('sms_failing')).toEqual([]);
  });

  test('what other parts tell: queues, processes, logins, sessions', async () => {
    const since = rig.ago(200_000).getTime();
    rig.facts.backlog = async () => [
      { name: 'payments', oldestWaitingMs: since, failed: 12 },
      { name: 'access', oldestWaitingMs: undefined, failed: 1 },
    ];
    rig.facts.liveRoles = async () => ['api', 'worker', 'radius-acct'];
    rig.facts.refusedLogins = async () => ({ perMinute: 42, reason: 'wrong_password' });
    rig.facts.countUnended = async () => 7;
    await rig.sweep(2);
    expect(await titles('queue_stuck')).toEqual(['The oldest job of the queue payments has waited for 230 seconds']);
    expect(await titles('jobs_failed')).toEqual(['12 jobs of the queue payments failed in the last hour']);
    expect(await titles('process_missing')).toEqual(['No process is running for RADIUS authentication']);
    expect(await titles('login_failures')).toEqual([
      '42 RADIUS logins a minute are refused, most of them as wrong_password',
    ]);
    expect(await titles('session_orders_failing')).toEqual(['7 sessions should be over and may still be online']);
    rig.facts.backlog = async () => [];
    rig.facts.liveRoles = async () => ['api', 'worker', 'radius'];
    rig.facts.refusedLogins = async () => 'none';
    rig.facts.countUnended = async () => 0;
    await rig.sweep(1);
    rig.clock.advance(5 * MINUTE);
    await rig.sweep(1);
    expect(await rig.open()).toEqual([]);
  });

  test('a ledger that does not balance, by the last check there was', async () => {
    await noteLedger(rig.memory, 2);
    await rig.sweep(2);
    expect(await titles('ledger_unbalanced')).toEqual(['The ledger does not balance: 2 differences']);
    await rig.redis.flush();
    await rig.sweep(2);
    expect(await rig.open('ledger_unbalanced')).toHaveLength(1);
    await noteLedger(rig.memory, 0);
    await rig.sweep(1);
    expect(await rig.open('ledger_unbalanced')).toEqual([]);
  });

  test('an audit trail that was changed, until it is as it was', async () => {
    const { transact } = rig.postgres.database;
    for (const subjectId of ['1', '2', '3']) {
      await transact((tx) => appendAudit(tx, { actor: 'system', action: 'x.y', subjectType: 'x', subjectId }));
    }
    await rig.sweep(2);
    expect(await rig.open('audit_chain_broken')).toEqual([]);
    const second = await db().auditEntry.findFirstOrThrow({ where: { subjectId: '2' } });
    const change = (subjectId: string): Promise<unknown> =>
      transact(async (tx) => {
        await tx.$executeRaw`SET LOCAL session_replication_role = replica`;
        await tx.auditEntry.update({ where: { id: second.id }, data: { subjectId } });
      });
    await change('changed');
    await rig.sweep(3);
    expect(await titles('audit_chain_broken')).toEqual([`The audit trail was changed at entry ${second.id}`]);
    await change('2');
    await rig.sweep(2);
    expect(await rig.open('audit_chain_broken')).toEqual([]);
  });

  test('one that cannot be looked for leaves the others alone', async () => {
    rig.facts.backlog = () => Promise.reject(new Error('Connection is closed.'));
    rig.facts.countUnended = async () => 7;
    await rig.sweep(2);
    expect((await rig.open()).map(({ kind }) => kind)).toEqual(['session_orders_failing']);
  });
});
