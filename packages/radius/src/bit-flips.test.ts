import { CODE, ATTR, type Attribute } from './attributes.js';
import { verifyRequest } from './authenticators.js';
import { encodeReply, encodeRequest, verifyReply } from './encode.js';
import { parsePacket, type RadiusPacket } from './packet.js';
import { bytesAttr, integerAttr, ipv4Attr, textAttr, vendorTextAttr } from './value-codec.js';

const SECRET = Buffer.from('a secret of thirty-two characters');
const MIKROTIK = 14988;

/** What a packet of each code usually carries. */
const CARGO: Readonly<Record<number, readonly Attribute[]>> = {
  [CODE.ACCESS_REQUEST]: [
    textAttr(ATTR.USER_NAME, 'nemo'),
    textAttr(ATTR.CALLING_STATION_ID, 'AA:BB:CC:DD:EE:FF'),
    ipv4Attr(ATTR.NAS_IP_ADDRESS, '10.0.0.1'),
    vendorTextAttr(MIKROTIK, 9, 'realm'),
  ],
  [CODE.ACCOUNTING_REQUEST]: [
    integerAttr(ATTR.ACCT_STATUS_TYPE, 3),
    textAttr(ATTR.ACCT_SESSION_ID, '81a0'),
    bytesAttr(ATTR.CLASS, Buffer.alloc(40, 5)),
    integerAttr(ATTR.ACCT_INPUT_OCTETS, 4_000_000_000),
  ],
  [CODE.STATUS_SERVER]: [textAttr(ATTR.NAS_IDENTIFIER, 'gate')],
  [CODE.DISCONNECT_REQUEST]: [textAttr(ATTR.ACCT_SESSION_ID, '81a0'), ipv4Attr(ATTR.FRAMED_IP_ADDRESS, '10.5.0.7')],
  [CODE.COA_REQUEST]: [textAttr(ATTR.ACCT_SESSION_ID, '81a0'), vendorTextAttr(MIKROTIK, 8, '5M/10M')],
};

function request(code: number, signed: boolean): Buffer {
  const password = code === CODE.ACCESS_REQUEST ? { password: Buffer.from('arctangent') } : {};
  return encodeRequest({
    code,
    identifier: 0x5a,
    attributes: CARGO[code] ?? [],
    secret: SECRET,
    messageAuthenticator: signed,
    ...password,
  }).datagram;
}

function parsed(datagram: Buffer): RadiusPacket {
  const result = parsePacket(datagram);
  if (!result.ok) throw new Error(result.reason);
  return result.packet;
}

/** Numbers of the bits whose flip `isTaken` does not notice. */
function unnoticed(datagram: Buffer, isTaken: (flipped: Buffer) => boolean): number[] {
  expect(isTaken(Buffer.from(datagram))).toBe(true);
  return Array.from({ length: datagram.length * 8 }, (_, bit) => bit).filter((bit) => {
    const flipped = Buffer.from(datagram);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return isTaken(flipped);
  });
}

const isTakenAsRequest = (datagram: Buffer): boolean => {
  const result = parsePacket(datagram);
  return result.ok && verifyRequest(result.packet, [SECRET], { messageAuthenticator: 'required' }).ok;
};

test.each([
  [CODE.ACCESS_REQUEST, true],
  [CODE.STATUS_SERVER, true],
  [CODE.ACCOUNTING_REQUEST, false],
  [CODE.ACCOUNTING_REQUEST, true],
  [CODE.DISCONNECT_REQUEST, false],
  [CODE.DISCONNECT_REQUEST, true],
  [CODE.COA_REQUEST, false],
  [CODE.COA_REQUEST, true],
])('R5: refuses every single-bit flip of a request of code %d (Message-Authenticator: %s)', (code, signed) => {
  expect(unnoticed(request(code, signed), isTakenAsRequest)).toEqual([]);
});

test.each([
  [CODE.ACCESS_REQUEST, CODE.ACCESS_ACCEPT],
  [CODE.ACCESS_REQUEST, CODE.ACCESS_REJECT],
  [CODE.ACCESS_REQUEST, CODE.ACCESS_CHALLENGE],
  [CODE.ACCOUNTING_REQUEST, CODE.ACCOUNTING_RESPONSE],
  [CODE.STATUS_SERVER, CODE.ACCESS_ACCEPT],
  [CODE.STATUS_SERVER, CODE.ACCOUNTING_RESPONSE],
  [CODE.DISCONNECT_REQUEST, CODE.DISCONNECT_ACK],
  [CODE.DISCONNECT_REQUEST, CODE.DISCONNECT_NAK],
  [CODE.COA_REQUEST, CODE.COA_ACK],
  [CODE.COA_REQUEST, CODE.COA_NAK],
])('R5: refuses every single-bit flip of the reply to a request of code %d with code %d', (asked, code) => {
  const sent = parsed(request(asked, true));
  const reply = encodeReply(sent, code, [textAttr(ATTR.REPLY_MESSAGE, 'as you wish'), integerAttr(27, 60)], SECRET);
  expect(unnoticed(reply, (flipped) => verifyReply(flipped, sent, SECRET).ok)).toEqual([]);
});

test.each([0, 1, 7, 15])('R5: refuses a Message-Authenticator of which only %d bytes are right', (right) => {
  const datagram = request(CODE.ACCESS_REQUEST, true);
  for (let at = 22 + right; at < 38; at += 1) datagram[at] = (datagram[at] ?? 0) ^ 0xff;
  expect(isTakenAsRequest(datagram)).toBe(false);
});
