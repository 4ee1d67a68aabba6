import { createHash, createHmac } from 'node:crypto';
import { verifyRequest } from './authenticators.js';
import { encodeRequest } from './encode.js';
import { hmacPadsOf, writeMd5 } from './md5.js';
import { parsePacket } from './packet.js';

test('writes the digest where it is told, and nothing beside it', () => {
  for (const size of [0, 1, 55, 56, 64, 200, 4_096]) {
    const data = Buffer.alloc(size, size & 0xff);
    const target = Buffer.alloc(20, 0xee);
    writeMd5(data, target, 2);
    const expected = createHash('md5').update(data).digest();
    expect(target).toEqual(Buffer.concat([Buffer.from([0xee, 0xee]), expected, Buffer.from([0xee, 0xee])]));
  }
});

test.each([1, 16, 33, 63, 64, 65, 128, 300])('pads a key of %d bytes as HMAC does', (size) => {
  const key = Buffer.from(Array.from({ length: size }, (_, n) => (n * 37 + size) & 0xff));
  const message = Buffer.from('the message');
  const { inner, outer } = hmacPadsOf(key);
  const digest = Buffer.alloc(16);
  writeMd5(Buffer.concat([inner, message]), digest, 0);
  writeMd5(Buffer.concat([outer, digest]), digest, 0);
  expect(digest).toEqual(createHmac('md5', key).update(message).digest());
  expect(hmacPadsOf(key)).toBe(hmacPadsOf(key));
});

test('signs and verifies with secrets of any length, the longest packet included', () => {
  for (const size of [1, 64, 65, 253, 1_000, 5_000]) {
    const secret = Buffer.alloc(size, 's');
    const attributes = Array.from({ length: 15 }, () => ({ type: 25, value: Buffer.alloc(253, 1) }));
    for (const code of [1, 4]) {
      const base = { code, identifier: 1, secret, messageAuthenticator: true };
      const result = parsePacket(encodeRequest({ ...base, attributes }).datagram);
      if (!result.ok) throw new Error(result.reason);
      expect(verifyRequest(result.packet, [secret], { messageAuthenticator: 'required' }).ok).toBe(true);
    }
  }
});
