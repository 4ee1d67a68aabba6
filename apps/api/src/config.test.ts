import { inspect } from 'node:util';
import { readApiConfig } from './config.js';

const good = {
  DATABASE_URL: 'postgresql://u:dbpassword@127.0.0.1/turnpike',
  REDIS_DURABLE_URL: 'redis://127.0.0.1:6379',
  REDIS_CACHE_URL: 'redis://127.0.0.1:6380',
  ENCRYPTION_KEYS: 'ab'.repeat(32),
  TOKEN_PEPPER: 'p'.repeat(32),
};

describe('configuration of the API', () => {
  test('needs the stores and the keys, nothing else', () => {
    expect(readApiConfig(good)).toMatchObject({ PORT: 8080, HOST: '127.0.0.1', publicUrl: 'http://127.0.0.1:8080' });
  });

  test('one error names every variable that is missing or wrong, without its value', () => {
    const read = () => readApiConfig({ ...good, PORT: '99999', ENCRYPTION_KEYS: 'shortsecret', DATABASE_URL: '' });
    expect(read).toThrow(/PORT[^]*ENCRYPTION_KEYS|ENCRYPTION_KEYS[^]*PORT/);
    expect(read).toThrow(/DATABASE_URL is not set/);
    expect(read).not.toThrow(/shortsecret/);
  });

  test('S8: printing it shows no secret', () => {
    const text = inspect(readApiConfig({ ...good, METRICS_TOKEN: 'm'.repeat(20) }), { depth: 9 });
    expect(text).not.toContain('p'.repeat(32));
    expect(text).not.toContain('m'.repeat(20));
    expect(text).not.toContain('dbpassword');
    expect(text).not.toContain('ab'.repeat(32));
  });

  test('a wildcard host is not an address to be reached at', () => {
    expect(readApiConfig({ ...good, HOST: '0.0.0.0', PORT: '81' }).publicUrl).toBe('http://127.0.0.1:81');
    expect(readApiConfig({ ...good, PUBLIC_URL: 'https://wifi.example.net' }).publicUrl).toBe(
      'https://wifi.example.net',
    );
  });
});
