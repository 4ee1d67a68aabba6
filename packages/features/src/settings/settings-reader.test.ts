import { openTestDatabase } from '@turnpike/testkit/test-database.js';
import { openSettingsRig, BY, type SettingsRig } from './settings-rig.js';

let rig: SettingsRig;

beforeAll(async () => {
  rig = await openSettingsRig();
});

afterAll(() => rig.close());

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 5_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error('it never came to hold');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('settings in several processes', () => {
  test('what is saved goes before the environment, whole, and the environment holds again when it is forgotten', async () => {
    const { reader, service } = rig;
    await reader.start();
    expect([reader.branding().name, reader.branding().color]).toEqual(['Environment WiFi', '#0b6b57']);
    await service.change('branding', { name: 'Console WiFi' }, BY);
    expect([reader.branding().name, reader.branding().color]).toEqual(['Console WiFi', '#0b6b57']);
    expect(reader.mpesa().consumerKey?.reveal()).toBe('canary-environment-key');
    await service.reset('branding', BY);
    expect(reader.branding().name).toBe('Environment WiFi');
  });

  test('another process hears of it over Redis, one that is deaf sees it by its clock, and a group that stays is the same object', async () => {
    const [hears, deaf] = [rig.another(), rig.another({ deaf: true, pollMs: 20 })];
    await Promise.all([hears.start(), deaf.start()]);
    const tax = hears.tax();
    await rig.service.change('mpesa', { shortcode: '654321' }, BY);
    await until(() => hears.mpesa().shortcode === '654321' && deaf.mpesa().shortcode === '654321');
    const mpesa = hears.mpesa();
    expect(mpesa.passkey?.reveal()).toBe('canary-environment-passkey');
    await rig.service.change('sms', { sender: 'TURNPIKE' }, BY);
    await until(() => hears.sms().sender === 'TURNPIKE' && deaf.sms().sender === 'TURNPIKE');
    expect(hears.mpesa()).toBe(mpesa);
    expect(hears.tax()).toBe(tax);
  });

  test('while PostgreSQL is away the last known ones hold; a process that starts then has those of the environment', async () => {
    const away = await openTestDatabase();
    const knew = rig.another({ db: away.database.db });
    await away.database.db.setting.create({
      data: {
        group: 'branding',
        values: { name: 'Known', color: '#112233', contact: '', timeZone: 'UTC' },
        updatedAt: new Date(),
        updatedBy: 'x',
      },
    });
    await knew.refresh();
    expect(knew.branding().name).toBe('Known');
    const fresh = rig.another({ db: away.database.db });
    await away.drop();
    await Promise.all([knew.refresh(), fresh.start()]);
    expect([knew.branding().name, fresh.branding().name]).toEqual(['Known', 'Environment WiFi']);
  });

  test('secrets that cannot be opened any more are none, and nothing else of the group is lost', async () => {
    await rig.service.change('mail', { host: 'smtp.example.net', user: 'u', password: 'canary-mail' }, BY);
    const { db } = rig.postgres.database;
    await db.setting.update({ where: { group: 'mail' }, data: { secrets: 'v1.gone.AAAA' } });
    const reader = rig.another();
    await reader.refresh();
    expect(reader.mail()).toMatchObject({ host: 'smtp.example.net', user: 'u', password: null });
    expect((await rig.service.list()).mail.password).toEqual({ isSet: false });
    await rig.service.change('mail', { password: 'canary-mail-again' }, BY);
    await reader.refresh();
    expect(reader.mail().password?.reveal()).toBe('canary-mail-again');
  });
});
