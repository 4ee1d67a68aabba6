import { readOptions } from './prepare-loadtest.js';

describe('what loadtest:prepare is told', () => {
  test('takes the secret that the load generator uses, however short', () => {
    const options = readOptions(['--customers', '10', '--nas-address', '127.0.0.1', '--nas-secret', 'testing123']);
    expect(options).toMatchObject({ customers: 10, 'nas-address': '127.0.0.1', 'nas-secret': 'testing123' });
  });

  test('names what it cannot use', () => {
    expect(() => readOptions(['--customers', '0', '--nas-secret', ''])).toThrow(/--customers: [^]*--nas-secret: /);
  });
});
