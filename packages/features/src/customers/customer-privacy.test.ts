import { customerExport, eraseCustomer } from '@turnpike/contracts/customer-privacy.js';
import { verifyAuditChain } from '../audit/audit.store.js';
import { byOperator, openShop, type Shop } from '../entitlements/shop-rig.js';
import { endSessions } from '../sessions/session-ender.js';
import { createCustomerPrivacy } from './customer-privacy.service.js';
import { anonymiseEndedSessions } from './personal-data.store.js';

const PHONE = '254722123456';
const MAC = 'AA:BB:CC:DD:EE:01';
const byOwner = { ...byOperator, role: 'owner' as const };

let shop: Shop;
let made = 0;

beforeAll(async () => {
  shop = await openShop();
});

afterAll(async () => {
  await shop.close();
});

const privacy = () => createCustomerPrivacy({ ...shop, endSessions, wake: () => undefined });

/** A customer of whom everything is held that can be. */
async function held() {
  made += 1;
  const phone = `${PHONE.slice(0, -1)}${made}`;
  const mac = `${MAC.slice(0, -1)}${made}`;
  const { row } = await shop.customers.create({ msisdn: phone, email: `canary${made}@example.net` }, byOperator);
  const customerId = row.id;
  await shop.devices.add(customerId, { mac, name: 'Canary phone' }, byOperator);
  const { id: packageId } = await shop.newPackage();
  const entitlement = await shop.entitlements.grant(customerId, packageId, byOperator);
  const session = { customerId, entitlementId: entitlement.id, callingStationId: mac, username: phone };
  const closed = await shop.openSession(session);
  await shop.db.session.update({
    where: { id: closed },
    data: { state: 'closed', framedIpAddress: '10.9.9.9', inputOctets: 77n },
  });
  const payment = await shop.db.payment.create({
    data: {
      reference: `reference-${made}`,
      provider: 'mpesa',
      state: 'succeeded',
      purpose: 'package',
      customerId,
      packageId,
      amountMinor: 5_000n,
      currency: 'KES',
      msisdn: phone,
      paidMsisdn: phone,
      mac,
      receipt: `RECEIPT${made}`,
      detail: `paid by ${phone}`,
      createdBy: 'portal',
      messages: { create: { kind: 'callback', body: `{"PhoneNumber":${phone}}`, state: 'handled' } },
    },
  });
  await shop.db.notification.create({
    data: {
      channel: 'sms',
      template: 'expiring',
      language: 'en',
      customerId,
      recipient: phone,
      params: { package: 'Day' },
      dedupKey: `held-${made}`,
    },
  });
  return { customerId, phone, mac, session, closed, payment, entitlementId: entitlement.id };
}

/** Every table but the audit trail, which is proof. */
async function dump(): Promise<string> {
  const tables = ['customer', 'customer_device', 'payment', 'payment_message', 'notification', 'outbox_message'];
  const rows = await Promise.all(tables.map((table) => shop.db.$queryRawUnsafe(`SELECT * FROM ${table}`)));
  const sessions = await shop.db.$queryRaw`SELECT * FROM session WHERE state = 'closed'`;
  return JSON.stringify([...rows, sessions], (_key, value: unknown) =>
    typeof value === 'bigint' ? `${value}` : value,
  );
}

test('S9: an export holds everything about the customer and nothing secret, and is written down', async () => {
  const { customerId, phone, mac } = await held();
  const data = customerExport.parse(await privacy().export(customerId, 'owner', byOperator));
  expect(data).toMatchObject({
    customer: { id: customerId, msisdn: phone, email: expect.stringContaining('canary') },
    devices: [{ mac, name: 'Canary phone' }],
    entitlements: [{ customerId, state: 'active' }],
    payments: [{ msisdn: phone, amountMinor: 5_000, messages: [{ kind: 'callback' }] }],
    sessions: { complete: true, items: [{ username: phone, inputOctets: '77' }] },
    notifications: [{ recipient: phone, template: 'expiring' }],
  });
  expect(data.history.map(({ action }) => action)).toContain('customer.create');
  const row = await shop.customers.get(customerId);
  expect(JSON.stringify(data)).not.toContain(row.password);
  const [entry] = await shop.db.auditEntry.findMany({ orderBy: { id: 'desc' }, take: 1 });
  expect(entry).toMatchObject({ action: 'customer.export', subjectId: customerId });
  await expect(privacy().export('0190b5c1-0000-7000-8000-000000000000', 'owner', byOperator)).rejects.toMatchObject({
    code: 'not_found',
  });
});

test('S9: an erasure leaves money and usage, and the person nowhere', async () => {
  const { customerId, phone, mac, closed, payment } = await held();
  const other = await held();
  const erasure = await privacy().erase(customerId, { confirm: phone, endAccess: true }, byOwner);
  expect(eraseCustomer.response.parse(erasure)).toMatchObject({
    customer: { username: `erased-${customerId}`, msisdn: null, email: null, status: 'suspended', notices: false },
    sessionsEnding: 0,
  });
  const left = await dump();
  for (const canary of [phone, mac, `canary${made - 1}@`]) expect(left).not.toContain(canary);
  expect(left).toContain(other.phone);
  expect(await shop.db.payment.findUniqueOrThrow({ where: { id: payment.id } })).toMatchObject({
    amountMinor: 5_000n,
    receipt: payment.receipt,
    detail: 'paid by a phone',
    customerId,
  });
  expect(await shop.db.session.findUniqueOrThrow({ where: { id: closed } })).toMatchObject({
    username: `erased-${customerId}`,
    framedIpAddress: null,
    callingStationId: null,
    inputOctets: 77n,
  });
  expect(await shop.db.entitlement.findMany({ where: { customerId } })).toMatchObject([{ state: 'expired' }]);
  expect(await shop.jobs('subject.refresh')).toContainEqual({ customerId });
  expect(await verifyAuditChain(shop.db)).toMatchObject({ ok: true });
});

test('a session that runs keeps what its router knows it by until it has ended', async () => {
  const { customerId, phone, session } = await held();
  const open = await shop.openSession(session);
  const { sessionsEnding } = await privacy().erase(customerId, { confirm: phone, endAccess: true }, byOwner);
  expect(sessionsEnding).toBe(1);
  expect(await shop.db.sessionCommand.findMany({ where: { sessionId: open } })).toMatchObject([
    { kind: 'disconnect', reason: 'customer erased' },
  ]);
  const find = () => shop.db.session.findUniqueOrThrow({ where: { id: open } });
  expect(await find()).toMatchObject({ state: 'closing', username: phone });
  await shop.db.session.update({ where: { id: open }, data: { state: 'closed' } });
  expect(await anonymiseEndedSessions(shop.db, undefined)).toBe(1);
  expect(await anonymiseEndedSessions(shop.db, undefined)).toBe(0);
  expect(await find()).toMatchObject({ username: `erased-${customerId}`, callingStationId: null });
});

test('what is active, on its way or in the wallet is not erased over anybody’s head', async () => {
  const { customerId, phone, payment } = await held();
  const erase = (input: { confirm?: string; endAccess?: boolean }) =>
    privacy().erase(customerId, { confirm: phone, ...input }, byOwner);
  await expect(erase({ confirm: 'somebody' })).rejects.toMatchObject({ issues: [{ path: 'confirm' }] });
  await expect(erase({})).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('send endAccess: true'),
  });
  await shop.db.payment.update({ where: { id: payment.id }, data: { state: 'review' } });
  await expect(erase({ endAccess: true })).rejects.toMatchObject({ message: expect.stringContaining('in review') });
  await shop.db.payment.update({ where: { id: payment.id }, data: { state: 'succeeded' } });
  const account = { kind: 'customer_wallet', owner: customerId, currency: 'KES', balanceMinor: 125_000n };
  const { id } = await shop.db.ledgerAccount.create({ data: account });
  await expect(erase({ endAccess: true })).rejects.toMatchObject({ message: expect.stringContaining('KES 1,250.00') });
  await shop.db.ledgerAccount.update({ where: { id }, data: { balanceMinor: 0n } });
  expect((await shop.customers.get(customerId)).erasedAt).toBeNull();
  await erase({ endAccess: true });
  await expect(erase({ confirm: `erased-${customerId}` })).rejects.toMatchObject({
    message: expect.stringContaining('erased already'),
  });
});

test('nobody is put behind an erased customer again', async () => {
  const { customerId, phone } = await held();
  await privacy().erase(customerId, { confirm: phone, endAccess: true }, byOwner);
  const refused = { code: 'conflict', message: expect.stringContaining('has been erased') };
  await expect(shop.customers.update(customerId, { msisdn: phone }, byOperator)).rejects.toMatchObject(refused);
  await expect(shop.customers.resume(customerId, byOperator)).rejects.toMatchObject(refused);
  const { row } = await shop.customers.create({ msisdn: phone }, byOperator);
  expect(row.id).not.toBe(customerId);
});
