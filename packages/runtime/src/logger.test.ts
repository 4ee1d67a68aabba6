import { Secret } from '@turnpike/core/secret.js';
import { createLogger } from './logger.js';

function capture() {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  return { lines, logger: createLogger({ level: 'info', role: 'api', instance: 'api-0', destination }) };
}

describe('the logger', () => {
  test('writes one JSON line with role, instance and time', () => {
    const { lines, logger } = capture();
    logger.info({ routerId: 'r1' }, 'router polled');
    const line: unknown = JSON.parse(lines[0] ?? '');
    expect(line).toMatchObject({ level: 'info', role: 'api', instance: 'api-0', routerId: 'r1', msg: 'router polled' });
    expect(line).toHaveProperty('time', expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/));
  });

  test('S8: redacts what is named like a secret, at any depth and in any case, and masks phone numbers', () => {
    const { lines, logger } = capture();
    logger.info(
      {
        apiPassword: 'canary-1',
        nas: { radiusSecret: 'canary-2', rows: [{ TOKEN: 'canary-3', Authorization: 'Bearer canary-4' }] },
        key: new Secret('canary-5'),
        raw: Buffer.from('canary-6'),
        msisdn: '254712345678',
        hasPassword: true,
      },
      'canaries',
    );
    expect(lines.join('')).not.toContain('canary-');
    expect(lines.join('')).not.toContain('254712345678');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      apiPassword: '[redacted]',
      nas: { radiusSecret: '[redacted]', rows: [{ TOKEN: '[redacted]' }] },
      msisdn: '2547••••5678',
      hasPassword: true,
    });
  });

  test('S8: of an error only type, code, message, stack and causes are written', () => {
    const { lines, logger } = capture();
    const error = Object.assign(new Error('failed', { cause: new Error('root') }), {
      code: 'ECONNREFUSED',
      config: { url: 'redis://:canary@host' },
    });
    logger.error({ err: error }, 'broke');
    expect(lines.join('')).not.toContain('canary');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      err: { type: 'Error', code: 'ECONNREFUSED', message: 'failed', cause: { message: 'root' } },
    });
  });

  test('child loggers redact too', () => {
    const { lines, logger } = capture();
    logger.child({ password: 'canary' }).info('hello');
    expect(lines.join('')).not.toContain('canary');
  });
});
