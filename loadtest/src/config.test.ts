import { readConfig } from './config.js';
import { UsageError } from './refusals.js';

const env = { PATH: '/bin' };

test('an option wins over the variable of the same name', () => {
  expect(readConfig(['--seconds', '5'], { ...env, SECONDS: '9', WINDOW: '7' })).toMatchObject({
    SECONDS: 5,
    WINDOW: 7,
  });
  expect(readConfig(['--no-with-class', '--wrong-share', '0.5'], env)).toMatchObject({
    WITH_CLASS: false,
    WRONG_SHARE: 0.5,
  });
  expect(readConfig([], env)).toMatchObject({ WINDOW: 64, WITH_CLASS: true, KEEP: false });
});

test('names what it cannot use', () => {
  expect(() => readConfig(['--window', '0', '--wrong-share', '2'], env)).toThrow(/--window: [^]*--wrong-share: /);
  expect(() => readConfig(['--secnods', '5'], env)).toThrow(UsageError);
});
