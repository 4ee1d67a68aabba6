import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { watchSockets, type BoundPort } from './socket-watch.js';

const MIB = 1024 * 1024;

function watched(ports: readonly BoundPort[], drops: Record<number, number> = {}) {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const metrics = createMetrics({ role: 'radius', instance: '0', processMetrics: false });
  const readSockets = async () =>
    Object.entries(drops).map(([port, count]) => ({ port: Number(port), inode: 1, drops: count, queuedBytes: 0 }));
  const logger = createLogger({ level: 'info', role: 'radius', instance: '0', destination });
  watchSockets(ports, { metrics, logger, readSockets });
  return { lines, text: () => metrics.registry.metrics() };
}

describe('the watch over the sockets', () => {
  test('R3: exports what the kernel dropped at each port, growing with every scrape', async () => {
    const drops = { 1812: 3, 1813: 0, 5353: 99 };
    const { text } = watched(
      [
        { role: 'auth', port: 1812, recvBufferBytes: 16 * MIB },
        { role: 'acct', port: 1813, recvBufferBytes: 16 * MIB },
      ],
      drops,
    );
    expect(await text()).toMatch(/turnpike_radius_socket_drops_total\{port="auth",[^}]*\} 3\n/);
    drops[1812] = 10;
    drops[1813] = 1;
    await text();
    expect(await text()).toMatch(/turnpike_radius_socket_drops_total\{port="auth",[^}]*\} 10\n/);
    expect(await text()).toMatch(/turnpike_radius_socket_drops_total\{port="acct",[^}]*\} 1\n/);
    expect(await text()).toMatch(/turnpike_radius_recv_buffer_bytes\{port="auth",[^}]*\} 16777216\n/);
  });

  test('R3: a receive buffer below 4 MiB is warned of, with the setting that keeps it small', () => {
    const { lines } = watched([{ role: 'auth', port: 1812, recvBufferBytes: 425_984 }]);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'warn',
      port: 1812,
      recvBufferBytes: 425_984,
      remedy: 'sysctl -w net.core.rmem_max=4194304',
    });
    expect(watched([{ role: 'auth', port: 1812, recvBufferBytes: 8 * MIB }]).lines).toEqual([]);
  });
});
