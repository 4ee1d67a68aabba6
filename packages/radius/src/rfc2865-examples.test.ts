import { ATTR, CODE } from './attributes.js';
import { responseAuthenticator } from './authenticators.js';
import { chapPassword, verifyChap } from './chap.js';
import { verifyReply } from './encode.js';
import { parsePacket, type RadiusPacket } from './packet.js';
import { hidePassword, revealPassword } from './user-password.js';

const SECRET = Buffer.from('xyzzy5461');
const PASSWORD = Buffer.from('arctangent');

// RFC 2865 7.1: PAP
const PAP_REQUEST = Buffer.from(
  '010000380f403f9473978057bd83d5cb98f4227a01066e656d6f02120dbe708d93d413ce3196e43f782a0aee0406c0a80110050600000003',
  'hex',
);
const PAP_REPLY = Buffer.from('0200002686fe220e7624ba2a1005f6bf9b55e0b20606000000010f06000000000e06c0a80103', 'hex');
// RFC 2865 7.2: CHAP
const CHAP_REQUEST = Buffer.from(
  '010100472aee86f08d0d55969ca5978e0d3367a20108666c6f707379031316e97557c316185895f293ff63440772750406c0a80110' +
    '050600000014060600000002070600000001',
  'hex',
);
const CHAP_REPLY = Buffer.from(
  '0201003815efbc7dab26cfa3dc34d9c03c8601a40606000000020706000000010806fffffffe0a06000000020d0600000001' +
    '0c06000005dc',
  'hex',
);

function parsed(datagram: Buffer): RadiusPacket {
  const result = parsePacket(datagram);
  if (!result.ok) throw new Error(result.reason);
  return result.packet;
}

describe('the examples of RFC 2865 section 7', () => {
  test('7.1: reveals and hides the password of nemo', () => {
    const packet = parsed(PAP_REQUEST);
    expect(packet.text(ATTR.USER_NAME)).toBe('nemo');
    expect(packet.ipv4(ATTR.NAS_IP_ADDRESS)).toBe('192.168.1.16');
    expect(packet.integer(ATTR.NAS_PORT)).toBe(3);
    const hidden = packet.get(ATTR.USER_PASSWORD) ?? Buffer.alloc(0);
    expect(revealPassword(hidden, packet.authenticator, SECRET)).toEqual(PASSWORD);
    expect(hidePassword(PASSWORD, packet.authenticator, SECRET)).toEqual(hidden);
  });

  test('7.1: the reply has the right authenticator', () => {
    const { authenticator } = parsed(PAP_REQUEST);
    expect(responseAuthenticator(PAP_REPLY, authenticator, SECRET)).toEqual(PAP_REPLY.subarray(4, 20));
    const sent = { code: CODE.ACCESS_REQUEST, identifier: 0, authenticator };
    expect(verifyReply(PAP_REPLY, sent, SECRET, { unsignedAllowed: true }).ok).toBe(true);
    expect(verifyReply(PAP_REPLY, sent, SECRET)).toEqual({ ok: false, reason: 'message-authenticator-missing' });
  });

  test('7.2: verifies the CHAP response of flopsy against the request authenticator', () => {
    const packet = parsed(CHAP_REQUEST);
    expect(packet.has(ATTR.CHAP_CHALLENGE)).toBe(false);
    expect(verifyChap(packet, PASSWORD)).toBe(true);
    expect(verifyChap(packet, Buffer.from('arctangenT'))).toBe(false);
    const response = chapPassword({ identifier: 0x16, password: PASSWORD, challenge: packet.authenticator });
    expect(response).toEqual(packet.get(ATTR.CHAP_PASSWORD));
  });

  test('7.2: the reply has the right authenticator', () => {
    const { authenticator } = parsed(CHAP_REQUEST);
    const sent = { code: CODE.ACCESS_REQUEST, identifier: 1, authenticator };
    expect(verifyReply(CHAP_REPLY, sent, SECRET, { unsignedAllowed: true }).ok).toBe(true);
  });
});
