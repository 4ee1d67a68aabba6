import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { hmacSha256 } from './hmac.js';

describe('HMAC-SHA-256', () => {
  test('is what OpenSSL computes, for any key and message', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.uint8Array({ maxLength: 300 }), (keyBytes, bytes) => {
        const [key, message] = [Buffer.from(keyBytes), Buffer.from(bytes)];
        return hmacSha256(key)(message).equals(createHmac('sha256', key).update(message).digest());
      }),
    );
  });

  test('a key longer than a block is refused', () => {
    expect(() => hmacSha256(Buffer.alloc(65))).toThrow(RangeError);
  });
});
