import { languages } from '@turnpike/contracts/languages.js';
import { templateNames, type TemplateName } from '@turnpike/contracts/notifications.js';
import { customerSentence, knownResultCodes } from '../payments/mpesa/result-codes.js';
import { septetsOf, SMS_SEPTETS } from './sms-text.js';
import { messageText } from './templates.js';

const endsAt = '2026-11-23T15:04:00.000Z';
const credentials = { username: '254712345678', password: 'abcdefghjk' };

type Said = Exclude<TemplateName, 'report'>;
const said = templateNames.filter((name): name is Said => name !== 'report');

const params: Record<Said, Record<string, string | number>> = {
  payment_received: { amount: 5_000, currency: 'KES', package: 'Day', receipt: 'SKL3ABCDEF', endsAt },
  credentials: {},
  payment_failed: { ...customerSentence('2001') },
  expiring: { package: 'Day', endsAt },
  usage: { package: 'Day', percent: 80 },
  refunded: { amount: 125_050, currency: 'KES' },
  voucher: { package: 'Day', endsAt },
  alert_opened: { en: 'Gate has been offline for 3 minutes', sw: 'Gate haipatikani kwa dakika 3', url: 'http://x' },
  alert_resolved: { en: 'Gate has been offline for 9 minutes', sw: 'Gate haipatikani kwa dakika 9', url: 'http://x' },
};

const say = (template: Said, language: 'en' | 'sw', more: Record<string, string | number> = {}) =>
  messageText({
    template,
    channel: 'sms',
    language,
    params: { ...params[template], ...more },
    credentials,
    timeZone: 'Africa/Nairobi',
  }).text;

const cells = said.flatMap((template) => languages.map((language) => [template, language] as const));

test.each(cells)('%s in %s fits in one SMS, also with a very long package name', (template, language) => {
  const long = 'Unlimited night and weekend family bundle with everything “included” – best value of the whole year';
  for (const text of [say(template, language), say(template, language, { package: long })]) {
    expect(text.length).toBeGreaterThan(15);
    expect(septetsOf(text)).toBeLessThanOrEqual(SMS_SEPTETS);
  }
});

test.each([...knownResultCodes, 'of tomorrow'])(
  'why a payment failed with %s fits in one SMS of each language',
  (code) => {
    const why = customerSentence(code);
    expect(why.en).not.toBe(why.sw);
    for (const language of languages) {
      const text = say('payment_failed', language, { ...why });
      expect(text).toContain(why[language]);
      expect(septetsOf(text)).toBeLessThanOrEqual(SMS_SEPTETS);
    }
  },
);

test('English says what happened and what to do', () => {
  expect(said.map((template) => say(template, 'en'))).toMatchInlineSnapshot(`
   [
     "We received KES 50 (SKL3ABCDEF). Day: online until 23/11/2026 18:04. Thank you.",
     "To go online with another device: username 254712345678 password abcdefghjk. Keep them to yourself.",
     "Your WiFi payment failed: The M-Pesa PIN was wrong. No money was taken. Try again with the right PIN.",
     "Day ends 23/11/2026 18:04. Buy again to stay online.",
     "You have used 80% of Day.",
     "KES 1,250.50 has been refunded to you. The access it paid for has ended.",
     "Your voucher has been redeemed: Day, online until 23/11/2026 18:04. Welcome.",
     "Turnpike, alert: Gate has been offline for 3 minutes",
     "Turnpike, over: Gate has been offline for 9 minutes",
   ]
  `);
});

test('Swahili says the same', () => {
  expect(said.map((template) => say(template, 'sw'))).toMatchInlineSnapshot(`
   [
     "Tumepokea KES 50 (SKL3ABCDEF). Day: hadi 23/11/2026 18:04. Asante.",
     "Kuingia WiFi ukitumia kifaa kingine: jina 254712345678 nenosiri abcdefghjk. Usimpe mtu mwingine.",
     "Malipo ya WiFi hayakufaulu: PIN ya M-Pesa si sahihi. Hakuna pesa iliyochukuliwa. Jaribu tena na PIN sahihi.",
     "Day inaisha 23/11/2026 18:04. Nunua tena ili uendelee kuwa mtandaoni.",
     "Umetumia 80% ya Day.",
     "Umerudishiwa KES 1,250.50. Huduma uliyolipia imesitishwa.",
     "Vocha yako imetumika: Day, hadi 23/11/2026 18:04. Karibu.",
     "Turnpike, tahadhari: Gate haipatikani kwa dakika 3",
     "Turnpike, imekwisha: Gate haipatikani kwa dakika 9",
   ]
  `);
});

test('a payment into the wallet, and one without a receipt, leave nothing empty', () => {
  const wallet = { package: '', receipt: '' };
  const bare = { template: 'payment_received', channel: 'sms', language: 'en', timeZone: 'UTC' } as const;
  expect(messageText({ ...bare, params: { amount: 100, currency: 'KES', ...wallet } }).text).toBe(
    'We received KES 1. It is in your wallet. Thank you.',
  );
});

test('all of it used is said as such', () => {
  expect(say('usage', 'en', { percent: 100 })).toBe('Day is used up. Buy again to go on.');
});

test('an e-mail is not cut and has a subject', () => {
  const name = 'x'.repeat(300);
  const mail = messageText({
    template: 'expiring',
    channel: 'email',
    language: 'en',
    params: { package: name, endsAt },
    timeZone: 'Africa/Nairobi',
  });
  expect(mail.subject).toBe('Your access ends soon');
  expect(mail.text).toContain(name);
});

test('parameters that are not those of the template are refused', () => {
  expect(() =>
    messageText({ template: 'expiring', channel: 'sms', language: 'en', params: { package: 'Day' }, timeZone: 'UTC' }),
  ).toThrow();
});

test('an alert fits in one SMS with a long title, and an e-mail says where to look', () => {
  const en = `${'All routers of a site with a very long name '.repeat(6)}are offline`;
  expect(septetsOf(say('alert_opened', 'en', { en }))).toBeLessThanOrEqual(SMS_SEPTETS);
  const input = { template: 'alert_resolved', channel: 'email', language: 'sw', timeZone: 'Africa/Nairobi' } as const;
  const mail = messageText({
    ...input,
    params: { en: 'Gate', sw: 'Gate haipatikani', url: 'https://x/console/alerts/1' },
  });
  expect(mail).toEqual({
    subject: 'Imekwisha: Gate haipatikani',
    text: 'Gate haipatikani.\n\nMaelezo na la kufanya: https://x/console/alerts/1',
  });
});
