import { Secret } from 'otpauth';
import { newTotpSecret, totpStep, totpUri } from './totp.js';

/** The seed of RFC 6238 appendix B; its codes have eight digits, of which ours are the last six. */
const SEED = Secret.fromLatin1('12345678901234567890').base32;
const at = (seconds: number) => new Date(seconds * 1_000);

describe('TOTP', () => {
  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
  ])('takes the code of RFC 6238 appendix B at %d s', (seconds, code) => {
    expect(totpStep(SEED, code, at(seconds))).toBe(Math.floor(seconds / 30));
  });

  test('takes the code of one step before and after, not of two', () => {
    const step = Math.floor(1_234_567_890 / 30);
    expect(totpStep(SEED, '005924', at((step + 1) * 30))).toBe(step);
    expect(totpStep(SEED, '005924', at((step - 1) * 30))).toBe(step);
    expect(totpStep(SEED, '005924', at((step + 2) * 30))).toBeUndefined();
    expect(totpStep(SEED, '005924', at((step - 2) * 30))).toBeUndefined();
  });

  test.each(['', '00592', '0059240', '99999a', '      '])('does not take %p', (code) => {
    expect(totpStep(SEED, code, at(1_234_567_890))).toBeUndefined();
  });

  test('secrets have 160 random bits, and the URI names the account', () => {
    const secret = newTotpSecret();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(newTotpSecret()).not.toBe(secret);
    const uri = new URL(totpUri(secret, 'owner@example.net'));
    expect(uri.protocol).toBe('otpauth:');
    expect(uri.searchParams.get('secret')).toBe(secret);
    expect(decodeURIComponent(uri.pathname)).toContain('Turnpike:owner@example.net');
  });
});
