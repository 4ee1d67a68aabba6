import { randomBytes } from 'node:crypto';
import { createCustomer, listCustomers, updateCustomer } from '@turnpike/contracts/customers.js';
import { verifyAuditChain } from '../audit/audit.store.js';
import { byOperator, openShop, type Shop } from '../entitlements/shop-rig.js';
import { createCustomerSearch } from './customer-search.service.js';
import { customerView } from './customer.view.js';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

afterAll(async () => {
  await shop.close();
});

afterEach(async () => {
  await shop.db.entitlement.deleteMany();
  await shop.db.session.deleteMany();
  await shop.db.customer.deleteMany();
  await shop.forgetJobs();
});

const search = () => createCustomerSearch(shop);
const usernamesFound = async (q: string) =>
  (await search().find({ limit: 50, q })).map(({ row }) => row.username).sort();

describe('creating a customer', () => {
  test.each(['0712 345 678', '+254 712-345-678', '254712345678', '712345678'])(
    'the phone number %s is the username when there is none',
    async (msisdn) => {
      const { row } = await shop.customers.create({ msisdn }, byOperator);
      expect(row).toMatchObject({ username: '254712345678', msisdn: '254712345678', status: 'active', revision: 1n });
    },
  );

  test('neither username nor phone number is refused, and so is what is no phone number', async () => {
    await expect(shop.customers.create({}, byOperator)).rejects.toMatchObject({ issues: [{ path: 'username' }] });
    for (const msisdn of ['', 'abc', '123', '0712345678\0', "0712345678'; --", '٠٧١٢٣٤٥٦٧٨']) {
      await expect(shop.customers.create({ msisdn }, byOperator)).rejects.toMatchObject({
        code: 'validation_failed',
        issues: [{ path: 'msisdn' }],
      });
    }
  });

  test('S8: the password is sealed for its own row, told once when it was made, and in no view', async () => {
    const given = await shop.customers.create({ username: 'given', password: 'canary-password' }, byOperator);
    const made = await shop.customers.create({ username: 'made' }, byOperator);
    expect(given.madePassword).toBeNull();
    expect(made.madePassword).toMatch(/^[a-z2-9]{10}$/);
    const open = ({ id, password }: { id: string; password: string }, row = id) =>
      shop.secretBox.open(password, { table: 'customer', row, column: 'password' });
    expect(open(given.row)).toBe('canary-password');
    expect(open(made.row)).toBe(made.madePassword);
    expect(() => open(given.row, made.row.id)).toThrow();
    expect(customerView(given.row, 'owner')).not.toHaveProperty('password');
    const everything = await Promise.all([
      shop.db.$queryRaw`SELECT * FROM customer`,
      shop.db.$queryRaw`SELECT job, payload FROM outbox_message`,
      shop.db.$queryRaw`SELECT action, details FROM audit_entry`,
    ]);
    const dump = JSON.stringify(everything, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
    expect(dump).not.toContain('canary-password');
    expect(dump).not.toContain(made.madePassword);
  });

  test('what is taken is named: username, phone number, or the phone number that stands in for the username', async () => {
    await shop.customers.create({ username: 'amina', msisdn: '0712345678' }, byOperator);
    await shop.customers.create({ username: '254799000111' }, byOperator);
    const refused = (path: string) => ({ code: 'name_taken', issues: [{ path, message: 'is taken' }] });
    await expect(shop.customers.create({ username: 'amina' }, byOperator)).rejects.toMatchObject(refused('username'));
    await expect(
      shop.customers.create({ username: 'other', msisdn: '+254712345678' }, byOperator),
    ).rejects.toMatchObject(refused('msisdn'));
    await expect(shop.customers.create({ msisdn: '0799000111' }, byOperator)).rejects.toMatchObject(refused('msisdn'));
    const { row } = await shop.customers.create({ username: 'third' }, byOperator);
    await expect(shop.customers.update(row.id, { username: 'amina' }, byOperator)).rejects.toMatchObject(
      refused('username'),
    );
    await expect(shop.customers.update(row.id, { msisdn: '712345678' }, byOperator)).rejects.toMatchObject(
      refused('msisdn'),
    );
    expect((await shop.customers.get(row.id)).username).toBe('third');
  });
});

describe('finding customers', () => {
  beforeEach(async () => {
    for (const username of ['amina', 'Aminata', 'a_b', 'axb', '100%', 'back\\slash']) {
      await shop.customers.create({ username }, byOperator);
    }
    await shop.customers.create({ username: 'phone', msisdn: '0712345678' }, byOperator);
  });

  test.each(['0712345678', '+254 712 345 678', '254712345678', '712 345-678', ' (0712) 345 678 '])(
    'the phone number written as %j finds its customer',
    async (q) => expect(await usernamesFound(q)).toEqual(['phone']),
  );

  test('part of a username in any case finds it', async () => {
    expect(await usernamesFound('AMIN')).toEqual(['Aminata', 'amina']);
  });

  test.each([
    ['_', ['a_b']],
    ['%', ['100%']],
    ['\\', ['back\\slash']],
    ["' OR 1=1 --", []],
  ])('%j means itself', async (q, found) => expect(await usernamesFound(q)).toEqual(found));

  test('pages newest first, each customer once', async () => {
    const seen: string[] = [];
    for (let cursor: string | undefined; seen.length < 7; cursor = seen.at(-1)) {
      const found = await search().find({ limit: 3, cursor });
      seen.push(...found.slice(0, 3).map(({ row }) => row.id));
    }
    expect(new Set(seen).size).toBe(7);
    expect(seen).toEqual([...seen].sort().reverse());
  });

  test('S9: owners and admins see phone numbers whole, everybody else masked, also where one is the username', () => {
    const row = {
      id: 'x',
      status: 'active' as const,
      devicesOnly: false,
      email: null,
      language: 'en',
      notices: true,
      erasedAt: null,
      createdAt: new Date(0),
      updatedAt: new Date(0),
      password: '',
      revision: 1n,
    };
    const phone = { ...row, username: '254712345678', msisdn: '254700000001' };
    for (const role of ['viewer', 'support', 'agent'] as const) {
      expect(customerView(phone, role)).toMatchObject({ username: '2547••••5678', msisdn: '2547••••0001' });
    }
    for (const role of ['admin', 'owner'] as const) {
      expect(customerView(phone, role)).toMatchObject({ username: '254712345678', msisdn: '254700000001' });
    }
    expect(customerView({ ...row, username: 'amina', msisdn: null }, 'viewer').username).toBe('amina');
  });
});

describe('changing a customer', () => {
  test('e-mail address, language and whether notices are wanted are kept, and views show them', async () => {
    const { row } = await shop.customers.create(
      createCustomer.body.parse({ username: 'amina', email: 'Amina@Example.net', language: 'sw' }),
      byOperator,
    );
    expect(customerView(row, 'owner')).toMatchObject({ email: 'amina@example.net', language: 'sw', notices: true });
    expect(customerView(row, 'viewer').email).toBe('a••••@example.net');
    const body = updateCustomer.body.parse({ email: null, language: 'en', notices: false });
    const changed = await shop.customers.update(row.id, body, byOperator);
    expect(customerView(changed, 'viewer')).toMatchObject({ email: null, language: 'en', notices: false });
    expect(updateCustomer.body.safeParse({ email: 'nobody' }).success).toBe(false);
    expect(updateCustomer.body.safeParse({ language: 'fr' }).success).toBe(false);
  });

  test('S9: who asks for a whole phone number gets it, and that is written down', async () => {
    const { row } = await shop.customers.create({ msisdn: '0712345678' }, byOperator);
    const shown = await shop.customers.revealPhone(row.id, byOperator);
    expect(shown).toEqual({ username: '254712345678', msisdn: '254712345678', email: null });
    const [entry] = await shop.db.auditEntry.findMany({
      where: { subjectId: row.id },
      orderBy: { id: 'desc' },
      take: 1,
    });
    expect(entry).toMatchObject({ action: 'customer.reveal_phone', actor: 'operator-1' });
    await expect(shop.customers.revealPhone('0190b5c1-0000-7000-8000-000000000000', byOperator)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('every change moves the revision and has the RADIUS snapshot rewritten', async () => {
    const { row } = await shop.customers.create({ username: 'amina' }, byOperator);
    const { id } = row;
    expect(await shop.jobs('subject.refresh')).toEqual([{ customerId: id }]);
    const changes = [
      () => shop.customers.update(id, { username: 'amina2' }, byOperator),
      () => shop.customers.update(id, { password: 'new password' }, byOperator),
      () => shop.customers.update(id, { msisdn: '0712345678' }, byOperator),
      () => shop.customers.update(id, { msisdn: null }, byOperator),
      () => shop.customers.suspend(id, byOperator),
      () => shop.customers.resume(id, byOperator),
      () => shop.transact((tx) => shop.customers.touch(tx, id)),
    ];
    for (const [index, change] of changes.entries()) {
      await shop.forgetJobs();
      const { count } = shop.wakes;
      await change();
      expect((await shop.customers.get(id)).revision).toBe(BigInt(index + 2));
      expect(await shop.jobs('subject.refresh')).toEqual([{ customerId: id }]);
      // `touch` is part of somebody else's transaction.
      expect(shop.wakes.count).toBe(index === changes.length - 1 ? count : count + 1);
    }
    expect(await shop.customers.get(id)).toMatchObject({ username: 'amina2', msisdn: null, status: 'active' });
  });

  test('a new password replaces the old one, sealed', async () => {
    const { row } = await shop.customers.create({ username: 'amina', password: 'the old one' }, byOperator);
    const changed = await shop.customers.update(row.id, { password: 'the new one' }, byOperator);
    const place = { table: 'customer', row: row.id, column: 'password' };
    expect(shop.secretBox.open(changed.password, place)).toBe('the new one');
  });

  test('suspending orders every session of the customer to end, and no other', async () => {
    const [{ row }, other] = [
      await shop.customers.create({ username: 'amina' }, byOperator),
      await shop.customers.create({ username: 'other' }, byOperator),
    ];
    const ids = [await shop.openSession({ customerId: row.id }), await shop.openSession({ customerId: row.id })];
    await shop.openSession({ customerId: other.row.id });
    expect((await shop.customers.suspend(row.id, byOperator)).status).toBe('suspended');
    const commands = await shop.db.sessionCommand.findMany();
    expect(commands.map((command) => command.sessionId).sort()).toEqual(ids.sort());
    expect(commands.map((command) => [command.reason, command.requestedBy])).toEqual([
      ['customer suspended', 'operator-1'],
      ['customer suspended', 'operator-1'],
    ]);
    expect(await shop.jobs('session.disconnect')).toHaveLength(2);
    expect(await shop.db.session.count({ where: { state: 'closing' } })).toBe(2);
  });

  test('deleting a customer orders to end what is still open', async () => {
    const customerId = await shop.newCustomer();
    const sessionId = await shop.openSession({ customerId });
    await shop.devices.add(customerId, { mac: 'AA:BB:CC:DD:EE:01' }, byOperator);
    await shop.customers.remove(customerId, byOperator);
    const commands = await shop.db.sessionCommand.findMany({ where: { sessionId } });
    expect(commands).toMatchObject([{ reason: 'customer deleted', requestedBy: 'operator-1', state: 'queued' }]);
    expect(await shop.jobs('session.disconnect')).toEqual([{ commandId: commands[0]?.id }]);
    expect(await shop.db.customerDevice.count({ where: { customerId } })).toBe(0);
  });

  test('what RADIUS would take for a voucher is refused as a username', async () => {
    const code = shop.codes.generate();
    const refused = { code: 'validation_failed', issues: [{ path: 'username' }] };
    for (const username of [code, code.replaceAll('-', '').toLowerCase(), shop.codes.usernameOf(code)]) {
      await expect(shop.customers.create({ username }, byOperator)).rejects.toMatchObject(refused);
      const { row } = await shop.customers.create({ username: `x-${username}` }, byOperator);
      await expect(shop.customers.update(row.id, { username }, byOperator)).rejects.toMatchObject(refused);
    }
  });

  test('a customer without access is deleted and the snapshot with it, one with access is kept', async () => {
    const [gone, kept] = [await shop.newCustomer(), await shop.newCustomer()];
    await shop.entitlements.grant(kept, (await shop.newPackage()).id, byOperator);
    await shop.forgetJobs();
    await shop.customers.remove(gone, byOperator);
    expect(await shop.jobs('subject.refresh')).toEqual([{ customerId: gone }]);
    await expect(shop.customers.get(gone)).rejects.toMatchObject({ code: 'not_found' });
    await expect(shop.customers.remove(kept, byOperator)).rejects.toMatchObject({ code: 'conflict' });
    expect((await shop.customers.get(kept)).id).toBe(kept);
  });

  test('a grant and a deletion at once end with one of them refused, never with an error of the database', async () => {
    const { id: packageId } = await shop.newPackage();
    for (let round = 0; round < 5; round += 1) {
      const customerId = await shop.newCustomer();
      const [grant, removal] = await Promise.allSettled([
        shop.entitlements.grant(customerId, packageId, byOperator),
        shop.customers.remove(customerId, byOperator),
      ]);
      if (grant.status === 'fulfilled') expect(removal).toMatchObject({ reason: { code: 'conflict' } });
      else expect([grant.reason.code, removal.status]).toEqual(['not_found', 'fulfilled']);
    }
  });

  test('a customer who does not exist is not found by any change', async () => {
    const id = '0190b5c1-0000-7000-8000-000000000000';
    const refused = { code: 'not_found' };
    await expect(shop.customers.update(id, {}, byOperator)).rejects.toMatchObject(refused);
    await expect(shop.customers.suspend(id, byOperator)).rejects.toMatchObject(refused);
    await expect(shop.customers.resume(id, byOperator)).rejects.toMatchObject(refused);
    await expect(shop.customers.remove(id, byOperator)).rejects.toMatchObject(refused);
    await expect(shop.transact((tx) => shop.customers.touch(tx, id))).rejects.toMatchObject(refused);
    expect(await shop.jobs('subject.refresh')).toEqual([]);
  });

  test('leaves an audit trail that holds together, without phone numbers', async () => {
    const { row } = await shop.customers.create({ msisdn: '0712345678' }, byOperator);
    await shop.customers.suspend(row.id, byOperator);
    const entries = await shop.db.auditEntry.findMany({ where: { subjectId: row.id }, orderBy: { id: 'asc' } });
    expect(entries.map((entry) => entry.action)).toEqual(['customer.create', 'customer.suspend']);
    expect(JSON.stringify(entries.map((entry) => entry.details))).not.toContain('712345678');
    expect(await verifyAuditChain(shop.db)).toMatchObject({ ok: true });
  });
});

describe('P6: hostile text', () => {
  const hostile = [
    ...['', ' ', 'a\0b', 'a\nb', 'a\rb', 'a\tb', 'a\u0085b', 'a\u2028b', 'a\u2029b', ' a', 'a ', 'a\ud800', '\udc00a'],
    ...['x'.repeat(129), '😀'.repeat(64)],
  ];
  const harmless = [
    ...["'; DROP TABLE customer; --", '.name', '?name=x', '=name=x', '%s%n', '$(reboot)', '`id`', '{{7*7}}', '\\0'],
    ...[
      '<script>',
      '${jndi:x}',
      '😀',
      'e\u0301',
      '\u202eabc',
      '😀'.repeat(63),
      'x'.repeat(128),
      '[:put 1]',
      '"; /quit',
    ],
  ];

  test.each(hostile)('%j is refused as a username', (username) => {
    expect(createCustomer.body.safeParse({ username }).success).toBe(false);
    expect(updateCustomer.body.safeParse({ username }).success).toBe(false);
  });

  test.each(['short', 'with\nnewline', 'with\0nul', 'lone \ud800 surrogate', 'x'.repeat(129)])(
    '%j is refused as a password',
    (password) => expect(createCustomer.body.safeParse({ username: 'a', password }).success).toBe(false),
  );

  test.each(['\0', 'a\nb', '\ud800'])('%j is refused as a search', (q) => {
    expect(listCustomers.query.safeParse({ q }).success).toBe(false);
  });

  test.each(harmless)('%j is kept as it is, found by it, and so as a password', async (username) => {
    const body = createCustomer.body.parse({ username, password: `password${username}`.slice(0, 128) });
    const { row } = await shop.customers.create(body, byOperator);
    expect(row.username).toBe(username);
    const place = { table: 'customer', row: row.id, column: 'password' };
    expect(shop.secretBox.open(row.password, place)).toBe(body.password);
    expect(await usernamesFound(username)).toEqual([username]);
  });

  test('10,000 random strings are either refused by the contract or stored byte for byte', async () => {
    const texts = Array.from({ length: 10_000 }, (_, index) => randomText(index));
    const accepted = [...new Set(texts.filter((username) => createCustomer.body.safeParse({ username }).success))];
    expect(accepted.length).toBeGreaterThan(2_000);
    expect(accepted.length).toBeLessThan(10_000);
    await shop.db.customer.createMany({ data: accepted.map((username) => ({ username, password: 'x' })) });
    const stored = await shop.db.$queryRaw<{ bytes: Uint8Array }[]>`
      SELECT convert_to(username, 'UTF8') AS bytes FROM customer`;
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
    expect(stored.map(({ bytes }) => hex(bytes)).sort()).toEqual(accepted.map((text) => hex(Buffer.from(text))).sort());
  });
});

const SPECIAL = [
  '\0',
  '\n',
  '\r',
  "'",
  '"',
  '\\',
  '%',
  '_',
  '$',
  '`',
  ';',
  '=',
  '?',
  '.',
  ' ',
  '\ud800',
  '\udfff',
  '\u2028',
];

/** Bytes read as UTF-8, random code units, or ordinary letters with something special among them. */
function randomText(index: number): string {
  const bytes = randomBytes(2 + (index % 24));
  if (index % 3 === 0) return bytes.toString('utf8');
  if (index % 3 === 1) return bytes.toString('utf16le');
  const special = SPECIAL[index % SPECIAL.length] ?? '';
  return `${bytes.toString('base64url')}${special}${index}`;
}
