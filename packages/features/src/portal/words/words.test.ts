import { dataText, durationText, moneyText, priceText, rateText } from './amounts.js';
import { english } from './en.js';
import { preferredLanguage } from './language.js';
import { swahili } from './sw.js';

/** Where each sentence stands: `packages.title`. */
function sentences(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [[path, String(Reflect.apply(value, undefined, ['#1#', '#2#']))]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => sentences(inner, path === '' ? key : `${path}.${key}`));
}

describe('words', () => {
  test('every sentence is there in both languages, and they differ', () => {
    const [en, sw] = [new Map(sentences(english)), new Map(sentences(swahili))];
    expect([...sw.keys()]).toEqual([...en.keys()]);
    const same = [...en].filter(([path, text]) => sw.get(path) === text && !text.includes('#'));
    expect(same).toEqual([]);
    for (const text of [...en.values(), ...sw.values()]) expect(text).toMatch(/\S/);
  });

  test('what is put into a sentence stands in both languages', () => {
    for (const [path, text] of sentences(english)) {
      if (!text.includes('#1#')) continue;
      expect([path, new Map(sentences(swahili)).get(path)]).toEqual([path, expect.stringContaining('#1#')]);
    }
  });

  test.each([
    [undefined, 'en'],
    ['sw-KE,sw;q=0.9,en;q=0.8', 'sw'],
    ['en-GB,sw;q=0.5', 'en'],
    ['fr-FR,sw;q=0.2', 'sw'],
    ['de', 'en'],
    ['sw;q=0, en', 'en'],
    [',;q=,;;', 'en'],
  ])('Accept-Language %s gives %s', (header, language) => {
    expect(preferredLanguage(header)).toBe(language);
  });

  test('amounts are said as people say them', () => {
    expect([moneyText(5_000, 'KES'), moneyText(4_950, 'USD'), priceText(swahili, 0, 'KES')]).toEqual([
      'KSh 50',
      'USD 49.50',
      'Bure',
    ]);
    expect([30, 60, 3_600, 5_400, 86_400, 90_000, 604_800].map((seconds) => durationText(english, seconds))).toEqual([
      'less than a minute',
      '1 minute',
      '1 hour',
      '1 hour 30 minutes',
      '1 day',
      '1 day 1 hour',
      '1 week',
    ]);
    expect(durationText(swahili, 5_400)).toBe('saa 1 na dakika 30');
    expect([dataText('500000000'), dataText('1500000000'), rateText(512), rateText(5_000)]).toEqual([
      '500 MB',
      '1.5 GB',
      '512 kbps',
      '5 Mbps',
    ]);
  });
});
