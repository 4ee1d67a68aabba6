import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { Secret } from './secret.js';
import { SecretBox, SecretBoxError } from './secret-box.js';

const place = { table: 'router', row: '0190', column: 'api_password' };
const key = (): string => randomBytes(32).toString('hex');

describe('SecretBox', () => {
  test('opens what it sealed, whatever the text', () => {
    const box = new SecretBox([key()]);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => expect(box.open(box.seal(text, place), place)).toBe(text)),
    );
  });

  test('S8: refuses a secret that was moved to another row or column', () => {
    const box = new SecretBox([key()]);
    const sealed = box.seal('s3cret', place);
    expect(() => box.open(sealed, { ...place, row: '0191' })).toThrow(SecretBoxError);
    expect(() => box.open(sealed, { ...place, column: 'radius_secret' })).toThrow(SecretBoxError);
  });

  test('S8: refuses every single-bit change and every shortened tag', () => {
    const box = new SecretBox([key()]);
    const [version, id, encoded] = box.seal('s3cret', place).split('.');
    const body = Buffer.from(encoded ?? '', 'base64url');
    for (let bit = 0; bit < body.length * 8; bit += 1) {
      const changed = Buffer.from(body);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(() => box.open(`${version}.${id}.${changed.toString('base64url')}`, place)).toThrow(SecretBoxError);
    }
    for (let length = 0; length < body.length; length += 1) {
      const cut = body.subarray(0, length).toString('base64url');
      expect(() => box.open(`${version}.${id}.${cut}`, place)).toThrow(SecretBoxError);
    }
  });

  test('during a rotation the old key still opens and the new one seals', () => {
    const [older, newer] = [key(), key()];
    const sealed = new SecretBox([older]).seal('s3cret', place);
    const rotating = new SecretBox([newer, older]);
    expect(rotating.open(sealed, place)).toBe('s3cret');
    expect(new SecretBox([newer]).open(rotating.seal('s3cret', place), place)).toBe('s3cret');
    expect(() => new SecretBox([newer]).open(sealed, place)).toThrow(/not configured/);
  });

  test('fingerprints tell equal secrets apart from others without revealing them', () => {
    const box = new SecretBox([key()]);
    expect(box.fingerprint('a')).toBe(box.fingerprint('a'));
    expect(box.fingerprint('a')).not.toBe(box.fingerprint('b'));
    expect(new SecretBox([key()]).fingerprint('a')).not.toBe(box.fingerprint('a'));
  });
});

test('S8: a Secret prints as [redacted] however it is printed', () => {
  const secret = new Secret('hunter2');
  expect(`${secret}${JSON.stringify({ secret })}${inspect({ secret })}`).not.toContain('hunter2');
  expect(secret.reveal()).toBe('hunter2');
});
