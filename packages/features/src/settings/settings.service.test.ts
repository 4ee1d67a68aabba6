import { smtpUrl } from './setting-groups.js';
import { BY, openSettingsRig, type SettingsRig } from './settings-rig.js';

let rig: SettingsRig;

beforeAll(async () => {
  rig = await openSettingsRig();
});

afterAll(() => rig.close());

beforeEach(async () => {
  await rig.postgres.database.db.setting.deleteMany();
  await rig.reader.refresh();
});

const issues = (...paths: string[]) => ({
  code: 'validation_failed',
  issues: paths.map((path) => expect.objectContaining({ path })),
});

describe('saving settings', () => {
  test('S8: a secret is in no answer, in no row in the clear and in no audit entry, but the names of those replaced are', async () => {
    const { service, reader } = rig;
    const given = {
      consumerKey: 'canary-key',
      consumerSecret: 'canary-secret',
      c2bToken: 'canary-token-of-16-letters',
    };
    const after = await service.change('mpesa', given, BY);
    await service.change('mail', { host: 'smtp.example.net', password: 'canary-password' }, BY);
    expect(after.mpesa).toMatchObject({ source: 'console', consumerKey: { isSet: true }, c2bToken: { isSet: true } });
    expect(after.mpesa.updatedBy).toEqual({ id: 'operator-1', name: 'Name of operator-1' });
    expect(reader.mpesa().consumerSecret?.reveal()).toBe('canary-secret');
    const rows = await rig.postgres.database.db.$queryRaw<{ dump: string }[]>`
      SELECT row_to_json(t)::text AS dump FROM setting t UNION ALL SELECT row_to_json(t)::text FROM audit_entry t`;
    const dump = rows.map((row) => row.dump).join('\n');
    expect(dump).toContain('consumerKey');
    expect(dump + JSON.stringify(await service.list())).not.toContain('canary');
    const entries = await rig.postgres.database.db.auditEntry.findMany({ orderBy: { id: 'asc' } });
    expect(entries.at(-2)).toMatchObject({
      action: 'settings.changed',
      subjectId: 'mpesa',
      details: { before: {}, after: {}, replaced: ['consumerKey', 'consumerSecret', 'c2bToken'] },
    });
    expect(entries.at(-1)).toMatchObject({
      details: { before: { host: null }, after: { host: 'smtp.example.net' }, replaced: ['password'] },
    });
  });

  test('S8: a stored secret is not sent to another address than it was entered for', async () => {
    const { service } = rig;
    const moved = service.change('mpesa', { url: 'https://elsewhere.example.net' }, BY);
    await expect(moved).rejects.toMatchObject(issues('consumerKey', 'consumerSecret', 'passkey'));
    await expect(service.change('sms', { url: 'https://elsewhere.example.net' }, BY)).rejects.toMatchObject(
      issues('apiKey'),
    );
    await service.change('mail', { host: 'smtp.example.net', password: 'p' }, BY);
    for (const patch of [{ host: 'other.example.net' }, { port: 2_525 }, { tls: true }]) {
      await expect(service.change('mail', patch, BY)).rejects.toMatchObject(issues('password'));
    }
    await service.change('mail', { host: 'other.example.net', password: 'q' }, BY);
    const given = { consumerKey: 'k', consumerSecret: 's', passkey: 'p' };
    await service.change('mpesa', { url: 'https://elsewhere.example.net', ...given }, BY);
    expect(rig.reader.mpesa()).toMatchObject({ url: 'https://elsewhere.example.net', shortcode: '600000' });
  });

  test('half of M-Pesa is refused with what is missing; switched off it needs nothing', async () => {
    const { service } = rig;
    await expect(service.change('mpesa', { shortcode: null, passkey: null }, BY)).rejects.toMatchObject(
      issues('shortcode', 'passkey'),
    );
    const off = await service.change('mpesa', { url: null, passkey: null }, BY);
    expect(off.mpesa).toMatchObject({ url: null, passkey: { isSet: false }, consumerKey: { isSet: true } });
  });

  test('P5: a provider is not on this machine unless stand-ins are, and the list of addresses makes sense', async () => {
    const { service } = rig;
    const keys = { consumerKey: 'k', consumerSecret: 's', passkey: 'p' };
    await expect(service.change('mpesa', { url: 'https://127.0.0.1:6379', ...keys }, BY)).rejects.toMatchObject(
      issues('url'),
    );
    await expect(service.change('mpesa', { callbackAllow: ['196.201.214.0/33'] }, BY)).rejects.toMatchObject(
      issues('callbackAllow'),
    );
  });

  test('two who save at once lose nothing of each other', async () => {
    const { service, reader } = rig;
    await Promise.all([
      service.change('branding', { name: 'Kitengela WiFi' }, BY),
      service.change('branding', { contact: '0712 345 678' }, BY),
      service.change('branding', { color: '#123456' }, BY),
    ]);
    expect(reader.branding()).toMatchObject({
      name: 'Kitengela WiFi',
      contact: '0712 345 678',
      color: '#123456',
      timeZone: 'Africa/Nairobi',
    });
  });

  test('forgetting what was never saved changes nothing and is in no audit', async () => {
    const before = await rig.postgres.database.db.auditEntry.count();
    await rig.service.reset('tax', BY);
    expect(await rig.postgres.database.db.auditEntry.count()).toBe(before);
  });

  test('the parts of a mail server make the address that is dialled, whatever is in the password', async () => {
    await rig.service.change('mail', { host: '2001:db8::1', user: 'isp@example.net', password: 'p@ss/w:rd' }, BY);
    const url = new URL(smtpUrl(rig.reader.mail())?.reveal() ?? '');
    expect([url.hostname, url.port, decodeURIComponent(url.username), decodeURIComponent(url.password)]).toEqual([
      '[2001:db8::1]',
      '587',
      'isp@example.net',
      'p@ss/w:rd',
    ]);
  });
});
