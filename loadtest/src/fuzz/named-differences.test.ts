import { nameOf } from './named-differences.js';
import { createOracle } from './oracle.js';
import { packetOf } from './packet-of.js';

const judge = createOracle();

describe('nameOf', () => {
  test.each([4, 12])('names EAP beside a password where no credentials are checked: code %d', (code) => {
    const judged = judge(packetOf(code, [2, 16], [79, 8]));
    expect(nameOf('answered', 'dropped', judged)).toMatch(/EAP beside a password/);
  });

  test("names a vendor's attribute of the wrong size, but no other of which the RFCs are silent", () => {
    const mikrotik = Buffer.from('00003a8c0203fceda266', 'hex');
    const packet = Buffer.concat([packetOf(1), Buffer.of(26, mikrotik.length + 2), mikrotik]);
    packet.writeUInt16BE(packet.length, 2);
    expect(nameOf('bad-attribute-size', 'answered', judge(packet))).toMatch(/MikroTik or WISPr/);
    expect(nameOf('bad-attribute-size', 'answered', judge(packetOf(1, [250, 3])))).toBeUndefined();
  });

  test('names a NAS-Filter-Rule FreeRADIUS cannot take apart', () => {
    expect(nameOf('answered', 'dropped', judge(packetOf(1, [92, 16])))).toMatch(/RFC 4849/);
  });

  test.each([
    ['EAP alone in accounting', packetOf(4, [40, 4], [79, 8])],
    ['a password alone in accounting', packetOf(4, [40, 4], [2, 16])],
    ['EAP beside a password in an Access-Request', packetOf(1, [2, 16], [79, 8])],
    ['a packet that is like any other', packetOf(4, [40, 4])],
  ])('names nothing for %s that FreeRADIUS drops and we answer', (_name, datagram) => {
    expect(nameOf('answered', 'dropped', judge(datagram))).toBeUndefined();
  });

  test('names a repeated attribute only when it is we who drop it', () => {
    const judged = judge(packetOf(4, [40, 4], [40, 4]));
    expect(nameOf('duplicate-attribute', 'answered', judged)).toMatch(/RFC 2866/);
    expect(nameOf('answered', 'dropped', judged)).toBeUndefined();
  });
});
