import { packageBody, updatePackage } from './packages.js';

const plain = {
  name: 'P',
  type: 'hotspot',
  priceMinor: 1,
  currency: 'KES',
  validForSeconds: 60,
  downKbps: 1,
  upKbps: 1,
};

/** Paths and messages of what is wrong with these terms; the same on creation and on change. */
function faults(terms: Record<string, unknown>): [string, string][] {
  const listed = [packageBody.safeParse({ ...plain, ...terms }), updatePackage.body.safeParse(terms)].map((parsed) =>
    (parsed.error?.issues ?? []).map(({ path, message }): [string, string] => [path.join('.'), message]),
  );
  expect(listed[1]).toEqual(listed[0]);
  return listed[0] ?? [];
}

const day = { days: [1], from: '08:00', to: '18:00' };
const step = { afterOctets: '1000', downKbps: 10, upKbps: 10 };

describe('schedule windows', () => {
  test.each([
    [[day]],
    [[{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' }]],
    [[{ days: [7], from: '22:00', to: '05:59' }, day]],
    [null],
  ])('%j is well-formed', (schedule) => expect(faults({ schedule })).toEqual([]));

  test.each([
    ['schedule', []],
    ['schedule', Array.from({ length: 29 }, () => day)],
    ['schedule.0.days', [{ ...day, days: [] }]],
    ['schedule.0.days', [{ ...day, days: [1, 1] }]],
    ['schedule.0.days.0', [{ ...day, days: [0] }]],
    ['schedule.1.days.1', [day, { ...day, days: [1, 8] }]],
    ['schedule.0.days.0', [{ ...day, days: [1.5] }]],
    ['schedule.0.from', [{ ...day, from: '24:00' }]],
    ['schedule.0.from', [{ ...day, from: '8:00' }]],
    ['schedule.0.from', [{ ...day, from: '08:60' }]],
    ['schedule.0.to', [{ ...day, to: '24:01' }]],
    ['schedule.0.to', [{ ...day, to: '' }]],
    ['schedule.0.to', [{ ...day, to: '08:00' }]],
    ['schedule.0.to', [{ days: [1], from: '08:00' }]],
    ['schedule.0', [{ ...day, extra: 1 }]],
  ])('names %s in %j', (path, schedule) => {
    expect(faults({ schedule }).map(([where]) => where)).toContain(path);
  });

  test('says how a whole day is written', () => {
    expect(faults({ schedule: [{ ...day, to: '08:00' }] })).toEqual([
      ['schedule.0.to', 'must differ from the beginning; a whole day is 00:00 to 24:00'],
    ]);
  });
});

describe('time zones', () => {
  test.each(['Africa/Nairobi', 'America/Argentina/Buenos_Aires', 'Etc/GMT+3', 'UTC'])('%s is one', (timeZone) => {
    expect(faults({ timeZone })).toEqual([]);
  });

  test.each(['', 'Nairobi', 'Africa/Atlantis', '+03:00', 'EST', 'Africa/Nairobi ', 'a/'.repeat(40), '../etc', 3])(
    '%j is none',
    (timeZone) => expect(faults({ timeZone }).map(([path]) => path)).toContain('timeZone'),
  );
});

describe('fair-use steps', () => {
  test.each([[[step]], [[step, { ...step, afterOctets: '9223372036854775807' }]], [null]])('%j will do', (fairUse) => {
    expect(faults({ fairUse })).toEqual([]);
  });

  test.each([
    ['fairUse', []],
    ['fairUse', Array.from({ length: 11 }, (_, index) => ({ ...step, afterOctets: String(index + 1) }))],
    ['fairUse.1.afterOctets', [step, step]],
    ['fairUse.2.afterOctets', [step, { ...step, afterOctets: '10000' }, { ...step, afterOctets: '9999' }]],
    ['fairUse.0.afterOctets', [{ ...step, afterOctets: '0' }]],
    ['fairUse.0.afterOctets', [{ ...step, afterOctets: '1.5' }, step]],
    ['fairUse.0.afterOctets', [{ ...step, afterOctets: '9223372036854775808' }]],
    ['fairUse.0.downKbps', [{ ...step, downKbps: 0 }]],
    ['fairUse.0.upKbps', [{ afterOctets: '1', downKbps: 1 }]],
  ])('names %s in %j', (path, fairUse) => {
    expect(faults({ fairUse }).map(([where]) => where)).toContain(path);
  });
});

describe('places and budgets', () => {
  test.each([
    ['onlineSeconds', 0],
    ['onlineSeconds', -1],
    ['onlineSeconds', 1.5],
    ['sites.1', ['Town', ' ']],
    ['sites.0', ['a\nb']],
    ['sites', Array.from({ length: 101 }, (_, index) => `Site ${index}`)],
    ['routerIds.0', ['router-1']],
    ['macLogin', 'yes'],
  ])('names %s in %j', (field, value) => {
    const key = field.split('.')[0] ?? '';
    expect(faults({ [key]: value }).map(([where]) => where)).toContain(field);
  });
});
