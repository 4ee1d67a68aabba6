import type { NewReportSchedule } from '@turnpike/contracts/report-schedules.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { sendNotification } from '../notifications/notification-sending.js';
import type { Delivery, NotificationProvider, OutgoingMessage } from '../notifications/provider.js';
import { createReportMail } from './report-mail.js';
import { createReportSchedules } from './report-schedules.service.js';
import { createReportsSweep } from './reports-sweep.js';
import { byDesk, NAIROBI, openReportsRig, type ReportsRig } from './reports-rig.js';

const logger = createLogger({ level: 'silent', role: 'test', instance: 'test' });
const forever = new AbortController().signal;

let rig: ReportsRig;
let packageId = '';
let outbox: OutgoingMessage[] = [];
let delivery: Delivery;

beforeAll(async () => {
  rig = await openReportsRig();
  packageId = (await rig.newPackage({ name: 'One hour', priceMinor: 1_000 })).id;
}, 60_000);
afterAll(() => rig.close());
beforeEach(() => {
  outbox = [];
  delivery = { kind: 'sent', messageId: '<id@example.net>' };
  // A Sunday noon.
  rig.clock.setWall(new Date('2026-03-01T12:00:00+03:00'));
});
afterEach(() => rig.forget());

const provider: NotificationProvider = {
  name: 'scripted',
  send: async (message) => {
    outbox.push(message);
    return delivery;
  },
  close: () => undefined,
};

const monday: NewReportSchedule = {
  what: { report: 'sales', by: 'package' },
  every: 'week',
  atHour: 7,
  recipients: ['owner@example.net', 'books@example.net'],
  language: 'en',
  enabled: true,
};

const schedules = () => createReportSchedules({ ...rig, timeZone: () => NAIROBI });
const sweep = () => createReportsSweep({ ...rig, timeZone: () => NAIROBI, wake: () => undefined })(forever);
const mail = () =>
  createReportMail({
    ...rig,
    reports: rig.newReports(),
    networkName: () => 'Kibera WiFi',
    publicUrl: 'https://wifi.example.net',
  });
const rows = () => rig.db.notification.findMany({ where: { template: 'report' }, orderBy: { id: 'asc' } });

async function send(id: string, { last = false, reports = mail() } = {}): Promise<void> {
  const { db, secretBox, clock } = rig;
  const providers = { sms: provider, email: provider };
  const deps = { db, secretBox, clock, logger, providers, reports, timeZone: () => NAIROBI };
  await sendNotification(deps, id, { signal: AbortSignal.timeout(5_000), last });
}

async function sendAll(): Promise<void> {
  for (const { id } of await rows()) await send(id);
}

test('a report is due on Monday at seven of the time zone, and once more a week later', async () => {
  const made = await schedules().create(monday, byDesk);
  expect(made).toMatchObject({ nextAt: '2026-03-02T04:00:00.000Z', timeZone: NAIROBI, lastSentAt: null });
  rig.clock.setWall(new Date('2026-03-02T03:59:59.999Z'));
  expect(await sweep()).toBe(0);
  rig.clock.setWall(new Date('2026-03-02T04:00:00.000Z'));
  expect(await sweep()).toBe(2);
  expect(await sweep()).toBe(0);
  expect(await schedules().get(made.id)).toMatchObject({ nextAt: '2026-03-09T04:00:00.000Z' });
});

test('each due time is mailed once to each address, though several workers look at once', async () => {
  await schedules().create(monday, byDesk);
  await schedules().create({ ...monday, what: { report: 'tax' } }, byDesk);
  rig.clock.setWall(new Date('2026-03-02T04:00:30.000Z'));
  const made = await Promise.all(Array.from({ length: 6 }, sweep));
  expect(made.reduce((sum, count) => sum + count, 0)).toBe(4);
  expect(new Set((await rows()).map(({ dedupKey }) => dedupKey)).size).toBe(4);
  expect(await rig.jobs('notification.send')).toHaveLength(4);
  await Promise.all([sendAll(), sendAll()].map((all) => all.catch(() => undefined)));
  expect((await rows()).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent', 'sent']);
});

test('the mail says the sums of the week before, and carries the table', async () => {
  await rig.at('2026-02-22T23:59:00+03:00', () => rig.buy(packageId, { msisdn: '0711000001' }));
  await rig.at('2026-02-23T00:00:00+03:00', () => rig.buy(packageId, { msisdn: '0711000002' }));
  await rig.at('2026-03-01T23:59:00+03:00', () => rig.buy(packageId, { msisdn: '0711000003' }));
  const { id } = await schedules().create({ ...monday, recipients: ['owner@example.net'] }, byDesk);
  await rig.db.reportSchedule.update({ where: { id }, data: { nextAt: new Date('2026-03-02T04:00:00.000Z') } });
  rig.clock.setWall(new Date('2026-03-02T04:00:05.000Z'));
  await sweep();
  await sendAll();
  const [message] = outbox;
  expect(message).toMatchObject({
    channel: 'email',
    template: 'report',
    recipient: 'owner@example.net',
    subject: 'Sales 23/02/2026 - 01/03/2026 - Kibera WiFi',
  });
  expect(message?.text).toMatchInlineSnapshot(`
   "Sales 23/02/2026 - 01/03/2026 (Africa/Nairobi)

     Sales:              2
     Customers:          2
     Sold for:           KES 20.00
     Given back:         KES 0.00
     Net:                KES 20.00
     Agents' commission: KES 0.00

   Most of it:
     One hour: KES 20.00

   The whole table is attached: sales-by-package-2026-02-23-2026-03-02.csv
   This mail is sent every Monday at 07:00. Change or stop it here: https://wifi.example.net/console/reports/schedules
   "
  `);
  const [file] = message?.attachments ?? [];
  expect(file).toMatchObject({ fileName: 'sales-by-package-2026-02-23-2026-03-02.csv' });
  expect(Buffer.from(file?.content ?? []).toString()).toContain(`${packageId},One hour,2,2,20.00,0.00,20.00,0.00,KES`);
  expect(await schedules().get(id)).toMatchObject({ lastSentAt: '2026-03-02T04:00:05.000Z', lastError: null });
});

test('who dies between the mail and its commit sends it again as the same message', async () => {
  await schedules().create({ ...monday, recipients: ['owner@example.net'] }, byDesk);
  rig.clock.setWall(new Date('2026-03-02T04:00:00.000Z'));
  await sweep();
  const [row] = await rows();
  const id = row?.id ?? '';
  const dying = { ...mail(), mailed: () => Promise.reject(new Error('killed')) };
  await expect(send(id, { reports: dying })).rejects.toThrow('killed');
  await send(id);
  await send(id);
  // What mailboxes know a message by is made of its id.
  expect(outbox.map((message) => message.id)).toEqual([id, id]);
  expect((await rows()).map(({ state }) => state)).toEqual(['sent']);
});

test('what the mail server refuses is told at the schedule, until one gets through', async () => {
  const { id } = await schedules().create({ ...monday, recipients: ['owner@example.net'] }, byDesk);
  rig.clock.setWall(new Date('2026-03-02T04:00:00.000Z'));
  await sweep();
  delivery = { kind: 'refused', reason: '550 no such mailbox' };
  await sendAll();
  expect(await schedules().get(id)).toMatchObject({ lastSentAt: null, lastError: '550 no such mailbox' });
  delivery = { kind: 'sent', messageId: null };
  rig.clock.setWall(new Date('2026-03-09T04:00:00.000Z'));
  await sweep();
  await sendAll();
  expect(await schedules().get(id)).toMatchObject({ lastSentAt: '2026-03-09T04:00:00.000Z', lastError: null });
});

test('of what was due while nothing ran, the newest seven are sent, each of its own day', async () => {
  const daily = { ...monday, every: 'day' as const, recipients: ['owner@example.net'] };
  const { id } = await schedules().create(daily, byDesk);
  rig.clock.setWall(new Date('2026-03-15T05:00:00.000Z'));
  expect(await sweep()).toBe(7);
  expect((await rows()).map(({ params }) => params)).toEqual(
    [8, 9, 10, 11, 12, 13, 14].map((day) => ({
      scheduleId: id,
      from: `2026-03-${String(day).padStart(2, '0')}`,
      to: `2026-03-${String(day + 1).padStart(2, '0')}`,
    })),
  );
  expect(await schedules().get(id)).toMatchObject({ nextAt: '2026-03-16T04:00:00.000Z' });
});

test('nothing is sent while it is off, nor made up for when it is on again', async () => {
  const { id } = await schedules().create(monday, byDesk);
  expect(await schedules().update(id, { enabled: false }, byDesk)).toMatchObject({ enabled: false, nextAt: null });
  rig.clock.setWall(new Date('2026-03-10T12:00:00.000Z'));
  expect(await sweep()).toBe(0);
  expect(await schedules().update(id, { enabled: true }, byDesk)).toMatchObject({
    nextAt: '2026-03-16T04:00:00.000Z',
  });
  expect(await schedules().update(id, { every: 'day', atHour: 18 }, byDesk)).toMatchObject({
    nextAt: '2026-03-10T15:00:00.000Z',
  });
});

test('a mail whose schedule was deleted meanwhile is not sent', async () => {
  const { id } = await schedules().create(monday, byDesk);
  rig.clock.setWall(new Date('2026-03-02T04:00:00.000Z'));
  await sweep();
  await schedules().remove(id, byDesk);
  await sendAll();
  expect(outbox).toEqual([]);
  expect((await rows()).map(({ state, error }) => [state, error])).toEqual([
    ['suppressed', 'nobody wants this report any more'],
    ['suppressed', 'nobody wants this report any more'],
  ]);
  await expect(schedules().get(id)).rejects.toMatchObject({ code: 'not_found' });
});

test('churn and tax are mailed too, in Swahili', async () => {
  for (const what of [{ report: 'churn', months: 3 }, { report: 'tax' }] as const) {
    await schedules().create({ ...monday, what, language: 'sw', recipients: ['owner@example.net'] }, byDesk);
  }
  rig.clock.setWall(new Date('2026-03-02T04:00:00.000Z'));
  await sweep();
  await sendAll();
  expect(outbox.map(({ subject }) => subject).sort()).toEqual([
    'Kodi 23/02/2026 - 01/03/2026 - Kibera WiFi',
    'Wateja waliokuja na walioondoka - Kibera WiFi',
  ]);
  for (const { text, attachments } of outbox) {
    expect(text).toContain('hutumwa kila Jumatatu saa 07:00');
    expect(attachments).toHaveLength(1);
  }
});

test('who sends our figures where is in the audit trail', async () => {
  const { id } = await schedules().create(monday, byDesk);
  await schedules().update(id, { recipients: ['other@example.net'] }, byDesk);
  await schedules().remove(id, byDesk);
  const entries = await rig.db.auditEntry.findMany({ where: { subjectId: id }, orderBy: { id: 'asc' } });
  expect(entries.map(({ action, details }) => [action, details])).toEqual([
    ['report_schedule.create', expect.objectContaining({ recipients: monday.recipients, every: 'week' })],
    [
      'report_schedule.update',
      { before: { recipients: monday.recipients }, after: { recipients: ['other@example.net'] } },
    ],
    ['report_schedule.delete', expect.objectContaining({ recipients: ['other@example.net'] })],
  ]);
});
