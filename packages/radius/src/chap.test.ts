import { randomBytes } from 'node:crypto';
import { ATTR, CODE, type Attribute } from './attributes.js';
import { chapPassword, verifyChap } from './chap.js';
import { encodeRequest } from './encode.js';
import { parsePacket, type RadiusPacket } from './packet.js';
import { bytesAttr } from './value-codec.js';

const SECRET = Buffer.from('secret');
const PASSWORD = Buffer.from([0x70, 0xff, 0x00, 0x71]);

function request(attributes: Attribute[]): RadiusPacket {
  const options = { code: CODE.ACCESS_REQUEST, identifier: 1, attributes, secret: SECRET, messageAuthenticator: true };
  const result = parsePacket(encodeRequest(options).datagram);
  if (!result.ok) throw new Error(result.reason);
  return result.packet;
}

test.each([5, 8, 16, 24])('verifies a response to a CHAP-Challenge of %d bytes', (size) => {
  const challenge = randomBytes(size);
  const response = chapPassword({ identifier: 200, password: PASSWORD, challenge });
  const packet = request([bytesAttr(ATTR.CHAP_PASSWORD, response), bytesAttr(ATTR.CHAP_CHALLENGE, challenge)]);
  expect(verifyChap(packet, PASSWORD)).toBe(true);
  expect(verifyChap(packet, Buffer.from([0x70, 0xfe, 0x00, 0x71]))).toBe(false);
  expect(verifyChap(packet, Buffer.alloc(0))).toBe(false);
});

test('is false for a packet without CHAP-Password', () => {
  expect(verifyChap(request([]), Buffer.alloc(0))).toBe(false);
});
