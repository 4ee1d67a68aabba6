import { createHash, createHmac } from 'node:crypto';
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
    expect(tokens.verify('router-1', token)).toEqual({
      entitlementId: ENTITLEMENT,
      sessionKey,
      fairUseStep: 0,
    });
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

  test('carries the fair-use step whose rate the customer was given', () => {
    const tokens = createClassTokens([NEW]);
    for (const fairUseStep of [0, 1, 255]) {
      const { token } = tokens.issue('router-1', ENTITLEMENT, { fairUseStep });
      expect(tokens.verify('router-1', token)).toMatchObject({ fairUseStep });
    }
  });

  test('a token of the release before, which knew no steps, is still believed', () => {
    const key = createHash('sha256').update('turnpike class').update(Buffer.from(NEW, 'hex')).digest();
    const claim = Buffer.concat([Buffer.from(ENTITLEMENT.replaceAll('-', ''), 'hex'), Buffer.alloc(12, 7)]);
    const mac = createHmac('sha256', key).update('router-1').update(claim).digest().subarray(0, 12);
    const token = Buffer.from(`tp1.${Buffer.concat([claim, mac]).toString('base64url')}`);
    expect(createClassTokens([NEW]).verify('router-1', token)).toEqual({
      entitlementId: ENTITLEMENT,
      sessionKey: `c.${Buffer.alloc(12, 7).toString('base64url')}`,
      fairUseStep: 0,
    });
    expect(createClassTokens([NEW]).verify('router-2', token)).toBeUndefined();
  });

  test('R10: a retransmission that another process answers gets the same token, any other request another', () => {
    const first = {
      source: { address: '10.0.0.1', port: 40_000 },
      packet: { identifier: 7, authenticator: Buffer.alloc(16, 9) },
      receivedAt: new Date('2026-06-01T12:10:00Z'),
    };
    const tokenFor = (request: typeof first, tokens = createClassTokens([NEW])) =>
      tokens.issue('router-1', ENTITLEMENT, { fairUseStep: 0, nonce: tokens.nonceOf(request) }).token.toString();
    expect(tokenFor({ ...first, receivedAt: new Date('2026-06-01T12:10:09Z') })).toBe(tokenFor(first));
    const others = [
      { ...first, source: { ...first.source, port: 40_001 } },
      { ...first, source: { ...first.source, address: '10.0.0.2' } },
      { ...first, packet: { ...first.packet, identifier: 8 } },
      { ...first, packet: { ...first.packet, authenticator: Buffer.alloc(16, 8) } },
      { ...first, receivedAt: new Date('2026-06-01T14:10:00Z') },
    ];
    expect(new Set([first, ...others].map((request) => tokenFor(request))).size).toBe(6);
    expect(tokenFor(first, createClassTokens([OLD]))).not.toBe(tokenFor(first));
  });
});
