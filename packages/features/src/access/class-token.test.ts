import fc from 'fast-check';
import { createClassTokens } from './class-token.js';

const OLD = '11'.repeat(32);
const NEW = '22'.repeat(32);
const ENTITLEMENT = '0190c6d5-7a1e-7000-8000-0000000000aa';

describe('Class tokens', () => {
  test('a token names its entitlement and session at the router it was issued for', () => {
    const tokens = createClassTokens([NEW]);
    const { token, sessionKey } = tokens.issue('router-1', ENTITLEMENT);
    expect(token.length).toBeLessThanOrEqual(253);
    expect(token.toString('latin1')).toMatch(/^[\x21-\x7e]+$/);
    expect(tokens.verify('router-1', token)).toEqual({ entitlementId: ENTITLEMENT, sessionKey });
  });

  test('A5: every Accept has a session key of its own', () => {
    const tokens = createClassTokens([NEW]);
    const keys = Array.from({ length: 1_000 }, () => tokens.issue('router-1', ENTITLEMENT).sessionKey);
    expect(new Set(keys).size).toBe(1_000);
  });

  test('R15: another router, a flipped bit or foreign bytes are not believed', () => {
    const tokens = createClassTokens([NEW]);
    const { token } = tokens.issue('router-1', ENTITLEMENT);
    expect(tokens.verify('router-2', token)).toBeUndefined();
    for (let at = 0; at < token.length - 1; at += 1) {
      const forged = Buffer.from(token);
      forged[at] = (forged[at] ?? 0) ^ 1;
      expect(tokens.verify('router-1', forged)).toBeUndefined();
    }
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 253 }),
        (bytes) => tokens.verify('router-1', Buffer.from(bytes)) === undefined,
      ),
    );
  });

  test('a token made under the key before is still believed after a rotation', () => {
    const { token } = createClassTokens([OLD]).issue('router-1', ENTITLEMENT);
    expect(createClassTokens([NEW, OLD]).verify('router-1', token)?.entitlementId).toBe(ENTITLEMENT);
    expect(createClassTokens([NEW]).verify('router-1', token)).toBeUndefined();
  });
});
