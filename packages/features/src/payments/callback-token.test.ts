import { createHmac, randomBytes } from 'node:crypto';
import { derivedKey } from '@turnpike/core/derived-key.js';
import { v7 as uuidv7 } from 'uuid';
import { createCallbackTokens, hashCallbackToken } from './callback-token.js';

const [OLD, NEW] = ['5a'.repeat(32), '77'.repeat(32)];
const tokens = createCallbackTokens([NEW, OLD]);

test('M1: a token proves that we made it, under any live key, and no other text does', () => {
  const id = uuidv7();
  const token = tokens.of(id);
  expect(token).toMatch(/^[\w-]{64}$/);
  expect(tokens.isOurs(token)).toBe(true);
  expect(tokens.isOurs(createCallbackTokens([OLD]).of(id))).toBe(true);
  expect(tokens.isOurs(createCallbackTokens(['11'.repeat(32)]).of(id))).toBe(false);
  for (const forged of ['', 'x', `${token}=`, `${token}A`, token.slice(1), randomBytes(48).toString('base64url')]) {
    expect(tokens.isOurs(forged)).toBe(false);
  }
  const bytes = Buffer.from(token, 'base64url');
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const changed = Buffer.from(bytes);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(tokens.isOurs(changed.toString('base64url'))).toBe(false);
  }
  expect(tokens.isOurs(Buffer.concat([Buffer.alloc(16, 0xff), bytes.subarray(16)]).toString('base64url'))).toBe(false);
});

test('the token of a payment is found by its stored hash, also one of an older key and of the older form', () => {
  const id = uuidv7();
  const before = createCallbackTokens([OLD]).of(id);
  expect(tokens.matching(id, hashCallbackToken(before))).toBe(before);
  const bare = createHmac('sha256', derivedKey(OLD, 'turnpike payment callbacks')).update(id).digest('base64url');
  expect(tokens.matching(id, hashCallbackToken(bare))).toBe(bare);
  expect(tokens.isOurs(bare)).toBe(false);
  expect(tokens.matching(uuidv7(), hashCallbackToken(before))).toBeUndefined();
});
