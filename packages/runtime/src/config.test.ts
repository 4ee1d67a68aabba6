import { z } from 'zod';
import { csv, flag, port, readConfig, secret } from './config.js';

const schema = z.object({
  PORT: port().default(8080),
  DATABASE_URL: z.url(),
  TOKEN_KEY: secret(8),
  HOSTS: csv(),
  VERBOSE: flag().default(false),
});

describe('readConfig', () => {
  test('gives typed values, and secrets that do not print', () => {
    const config = readConfig(schema, {
      PORT: '',
      DATABASE_URL: 'postgresql://x/y',
      TOKEN_KEY: 'long enough',
      HOSTS: 'a, b,,c',
      VERBOSE: 'yes',
      UNRELATED: 'ignored',
    });
    expect(config).toMatchObject({ PORT: 8080, HOSTS: ['a', 'b', 'c'], VERBOSE: true });
    expect(JSON.stringify(config)).not.toContain('long enough');
    expect(config.TOKEN_KEY.reveal()).toBe('long enough');
  });

  test('names every bad variable at once, says which are missing, and shows no value', () => {
    const read = () => readConfig(schema, { PORT: '99999', TOKEN_KEY: 'canary', VERBOSE: 'perhaps' });
    expect(read).toThrow(/4 settings are wrong/);
    expect(read).toThrow(/PORT is not usable/);
    expect(read).toThrow(/DATABASE_URL is not set/);
    expect(read).toThrow(/TOKEN_KEY is not usable/);
    expect(read).toThrow(/VERBOSE is not usable/);
    expect(read).toThrow(/npm start/);
    expect(read).not.toThrow(/canary/);
  });
});
