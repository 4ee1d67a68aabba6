import { nameOf } from './named-differences.js';
import { createOracle } from './oracle.js';
import { packetOf } from './packet-of.js';

const judge = createOracle();

describe('nameOf', () => {
  test('names EAP beside a password in accounting', () => {
    const judged = judge(packetOf(4, [40, 4], [2, 16], [79, 8]));
    expect(nameOf('answered', 'dropped', judged)).toMatch(/EAP beside a password in accounting/);
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
