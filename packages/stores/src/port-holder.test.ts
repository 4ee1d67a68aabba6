import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describePortHolder, waitingSockets } from './port-holder.js';
import { anyFreePort, isPortFree, nextFreePort } from './ports.js';

describe('ports', () => {
  test('names the process that listens on a TCP port', async () => {
    const port = await anyFreePort();
    expect(await describePortHolder('tcp', port)).toBeUndefined();
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    expect(await isPortFree({ protocol: 'tcp', host: '127.0.0.1', port })).toBe(false);
    expect(await isPortFree({ protocol: 'tcp', host: '0.0.0.0', port })).toBe(false);
    expect(await describePortHolder('tcp', port)).toContain(`(process ${process.pid})`);
    server.close();
    await once(server, 'close');
  });

  test('names the process that is bound to a UDP port, and skips that port when it looks for a free one', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    expect(await describePortHolder('udp', port)).toContain(`(process ${process.pid})`);
    const next = await nextFreePort({ protocol: 'udp', host: '127.0.0.1', port }, new Set([port + 1]));
    expect(next).toBeGreaterThan(port + 1);
    socket.close();
    await once(socket, 'close');
  });

  test('reads only sockets that wait for connections from the kernel table', () => {
    const table = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0 100 0 0 10 0',
      '   1: 0100007F:1F90 0100007F:B05A 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 20 4 30 10 -1',
    ].join('\n');
    expect(waitingSockets(table, 'tcp', 8080)).toEqual([{ inode: '4711', uid: 1000 }]);
  });
});
