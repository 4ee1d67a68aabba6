import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { platform } from 'node:os';
import { dropsOfPort, parseUdpSockets, readUdpSockets } from './udp-drops.js';

const UDP4 = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops             
  120: 00000000:0714 00000000:0000 07 00000000:00000300 00:00000000 00000000     0        0 4711 2 0000000000000000 17        
  121: 0100007F:0715 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 4712 2 0000000000000000 0         
`;
const UDP6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  120: 00000000000000000000000000000000:0714 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4713 2 0000000000000000 5
`;

describe("the kernel's table of UDP sockets", () => {
  test('R3: gives port, drops and waiting bytes of IPv4 and IPv6 sockets', () => {
    expect(parseUdpSockets(UDP4)).toEqual([
      { port: 1812, inode: 4711, drops: 17, queuedBytes: 768 },
      { port: 1813, inode: 4712, drops: 0, queuedBytes: 0 },
    ]);
    expect(parseUdpSockets(UDP6)).toEqual([{ port: 1812, inode: 4713, drops: 5, queuedBytes: 0 }]);
  });

  test('R3: the drops of a port are those of all its sockets', () => {
    const sockets = [...parseUdpSockets(UDP4), ...parseUdpSockets(UDP6)];
    expect([1812, 1813, 9999].map((port) => dropsOfPort(sockets, port))).toEqual([22, 0, 0]);
  });

  test.each(['', 'nonsense', '1: 00000000:0714', `${'x '.repeat(40)}`, '  120: 00000000:0714 a b c d e f g h i j k'])(
    '%j has none',
    (text) => expect(parseUdpSockets(text)).toEqual([]),
  );

  test('R3: counts what a full receive buffer of this process cost', async () => {
    if (platform() !== 'linux') return;
    const receiver = createSocket({ type: 'udp4', recvBufferSize: 4_096 });
    const sender = createSocket('udp4');
    receiver.bind(0, '127.0.0.1');
    await once(receiver, 'listening');
    const { port } = receiver.address();
    sender.connect(port, '127.0.0.1');
    await once(sender, 'connect');
    let received = 0;
    receiver.on('message', () => (received += 1));
    // Loopback delivers at once, and nobody reads before this turn of the event loop is over.
    for (let sent = 0; sent < 50; sent += 1) sender.send(Buffer.alloc(1_000));
    const dropped = await until(async () => {
      const drops = dropsOfPort(await readUdpSockets(), port);
      return drops + received === 50 ? drops : undefined;
    });
    sender.close();
    receiver.close();
    expect(dropped).toBeGreaterThan(30);
  });
});

async function until<Result>(ask: () => Promise<Result | undefined>): Promise<Result> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
}
