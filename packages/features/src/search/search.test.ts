import type { Role } from '@turnpike/contracts/permissions.js';
import type { Actor } from '@turnpike/runtime/http/actor.js';
import { createCustomerSearch } from '../customers/customer-search.service.js';
import { openRouterRig, type RouterRig } from '../routers/router-rig.js';
import { createVoucherCodes } from '../vouchers/voucher-code.js';
import { createSearchService, type SearchService } from './search.service.js';

const codes = createVoucherCodes(['ab'.repeat(32)]);
const MAC = 'AA:BB:CC:00:11:22';
const MSISDN = '254712345678';
let rig: RouterRig;
let service: SearchService;
let code = '';

function actor(role: Role, more: Partial<Actor> = {}): Actor {
  const plain = {
    id: 'a',
    name: 'A',
    scopes: [],
    tokenId: 't',
    kind: 'session',
    sites: null,
    stepUpUntil: null,
  } as const;
  return { ...plain, role, ...more };
}

async function find(text: string, role: Role = 'owner', more: Partial<Actor> = {}) {
  return (await service.find(text, actor(role, more))).map(
    ({ kind, title, matched }) => `${kind} ${title} by ${matched}`,
  );
}

beforeAll(async () => {
  rig = await openRouterRig();
  const { db } = rig;
  service = createSearchService({ db, codes, customers: createCustomerSearch({ db, codes }) });
  const [here, there] = [
    await rig.add({ name: 'Kilimani north', site: 'Kilimani' }),
    await rig.add({ site: 'Westlands' }),
  ];
  await db.router.update({ where: { id: here }, data: { serial: 'HF60ABC1234', address: '10.1.0.5' } });
  const customer = await db.customer.create({ data: { username: MSISDN, msisdn: MSISDN, password: 'x' } });
  await db.customer.create({ data: { username: 'kilimo', password: 'x' } });
  const terms = { type: 'hotspot', downKbps: 1, upKbps: 1, devices: 1 } as const;
  const sold = await db.package.create({
    data: { name: 'Kilimani daily', priceMinor: 5_000, currency: 'KES', validForSeconds: 60, ...terms },
  });
  const online = (routerId: string, key: string, framedIpAddress: string, callingStationId: string) => ({
    key,
    acctSessionId: key,
    routerId,
    username: MSISDN,
    customerId: customer.id,
    framedIpAddress,
    callingStationId,
    startedAt: new Date(),
    lastSeenAt: new Date(),
  });
  await db.session.createMany({
    data: [
      online(here, 'one', '10.5.50.9', MAC),
      online(there, 'two', '10.5.50.10', 'AA:BB:CC:00:11:33'),
      { ...online(here, 'over', '10.5.50.9', MAC), state: 'closed' },
    ],
  });
  await db.payment.create({
    data: {
      reference: 'reference-of-the-payment',
      receipt: 'SGR7XK2P9Q',
      provider: 'mpesa',
      state: 'succeeded',
      purpose: 'package',
      msisdn: MSISDN,
      amountMinor: 5_000n,
      currency: 'KES',
      createdBy: 'portal',
    },
  });
  const made = codes.generate();
  code = made;
  const batch = await db.voucherBatch.create({ data: { packageId: sold.id, count: 1, terms: {}, createdBy: 'x' } });
  await db.voucher.create({ data: { batchId: batch.id, codeHash: codes.hash(made) } });
});
afterAll(() => rig.close());

describe('the search over everything', () => {
  test('finds by part of a name in any case', async () => {
    expect(await find('KILIM')).toEqual([
      'customer kilimo by username',
      'router Kilimani north by name',
      'package Kilimani daily by name',
    ]);
  });

  test.each(['0712345678', '+254 712 345 678', '712-345-678'])('finds a phone by %s', async (phone) => {
    const found = await find(phone);
    expect(found).toEqual(
      expect.arrayContaining([
        `customer ${MSISDN} by username`,
        'payment KES 50.00 · SGR7XK2P9Q by msisdn',
        `session ${MSISDN} by username`,
      ]),
    );
    expect(found).toHaveLength(4);
  });

  test.each(['aabb.cc00.1122', 'aa-bb-cc-00-11-22', 'AABBCC001122'])('finds who is online with %s', async (mac) => {
    expect(await find(mac)).toEqual([`customer ${MSISDN} by mac`, `session ${MSISDN} by mac`]);
  });

  test('finds addresses, of sessions that run and of routers', async () => {
    expect(await find('10.5.50.9')).toEqual([`customer ${MSISDN} by ip`, `session ${MSISDN} by ip`]);
    expect(await find('10.1.0.5')).toEqual(['router Kilimani north by ip']);
  });

  test('finds receipts, serial numbers and voucher codes however they are typed', async () => {
    expect(await find('sgr7xk2p9q')).toContain('payment KES 50.00 · SGR7XK2P9Q by receipt');
    expect(await find('hf60abc1234')).toContain('router Kilimani north by serial');
    expect(await find(code.toLowerCase())).toEqual(['voucher Kilimani daily by voucher']);
  });

  test('finds only what the caller may read, with phones as the caller may see them', async () => {
    expect(await find(MSISDN, 'viewer')).toEqual([
      'customer 2547••••5678 by username',
      'session 2547••••5678 by username',
      'session 2547••••5678 by username',
    ]);
    expect(await find(MSISDN, 'agent')).toEqual([]);
    expect(await find(code, 'viewer')).toEqual([]);
    expect(await find('KILIM', 'owner', { scopes: ['routers:read'] })).toEqual(['router Kilimani north by name']);
    const items = await service.find(MSISDN, actor('support'));
    expect(JSON.stringify(items)).not.toContain(MSISDN);
  });

  test('finds for an operator of some sites only what is there', async () => {
    const sites = ['Kilimani'];
    expect(await find(MSISDN, 'owner', { sites })).toEqual([`session ${MSISDN} by username`]);
    expect(await find('KILIM', 'owner', { sites })).toEqual(['router Kilimani north by name']);
    expect(await find('KILIM', 'owner', { sites: ['Westlands'] })).toEqual([]);
  });
});
