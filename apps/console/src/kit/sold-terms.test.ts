import type { SoldTerms } from '@turnpike/contracts/packages.js';
import { sayIn } from '../words/say.js';
import { plainTerms } from './sold-terms-rig.js';
import { sizeText, termsText, timeText } from './sold-terms.js';
import { soldTermsWords } from './sold-terms-words.js';

describe('terms in words', () => {
  const en = sayIn(soldTermsWords, 'en');
  const sw = sayIn(soldTermsWords, 'sw');

  test('tells time, rates and devices of a plain package in one line', () => {
    expect(termsText({ ...plainTerms, validForSeconds: 3_600, validFrom: 'purchase' }, en)).toBe(
      '1 hour · 5 Mbit/s down, 1 Mbit/s up · 1 device',
    );
    expect(termsText({ ...plainTerms, validForSeconds: 3_600, validFrom: 'purchase' }, sw)).toBe(
      'saa 1 · 5 Mbit/s kupakua, 1 Mbit/s kupakia · kifaa 1',
    );
  });

  test('tells limits, slower steps, hours and places where there are such', () => {
    const rich: SoldTerms = {
      ...plainTerms,
      devices: 3,
      quotaOctets: '1500000000',
      onlineSeconds: 36_000,
      fairUse: [
        { afterOctets: '1000000000', downKbps: 1_000, upKbps: 500 },
        { afterOctets: '1200000000', downKbps: 500, upKbps: 500 },
      ],
      schedule: [{ days: [1], from: '08:00', to: '18:00' }],
      sites: ['Kibera'],
    };
    expect(termsText({ ...rich, validForSeconds: 30 * 86_400, validFrom: 'first_login' }, en)).toBe(
      '30 days from the first login · 10 hours online · 1.5 GB of data · 5 Mbit/s down, 1 Mbit/s up · ' +
        'slower after 1 GB, in 2 steps · 3 devices · at certain hours · at certain places',
    );
  });

  test('says nothing of validity for what has begun', () => {
    expect(termsText({ ...plainTerms, validForSeconds: null }, en)).toBe('5 Mbit/s down, 1 Mbit/s up · 1 device');
  });

  test('gives times exactly and data as it is sold', () => {
    expect(timeText(90_061, en)).toBe('1 day 1 hour 1 minute 1 second');
    expect(timeText(0, en)).toBe('0 seconds');
    expect(sizeText('2000000000')).toBe('2 GB');
  });
});
