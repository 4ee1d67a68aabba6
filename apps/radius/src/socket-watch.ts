import { dropsOfPort, readUdpSockets, type UdpSocketState } from '@turnpike/runtime/udp-drops.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';

/** A port that was bound. */
export interface BoundPort {
  readonly role: 'auth' | 'acct';
  readonly port: number;
  /** What the kernel granted, in its own count: Linux doubles what it is asked for (socket(7), SO_RCVBUF). */
  readonly recvBufferBytes: number;
}

export interface SocketWatchOptions {
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly readSockets?: () => Promise<UdpSocketState[]>;
}

const WANTED_BYTES = 4 * 1024 * 1024;

/**
 * Exports what the kernel drops at our ports, and says which setting keeps a receive buffer small. Processes that share a
 * port share its socket and see the same count.
 */
export function watchSockets(ports: readonly BoundPort[], options: SocketWatchOptions): void {
  const { metrics, logger, readSockets = readUdpSockets } = options;
  const seen = new Map<string, number>();
  metrics.counter(
    'turnpike_radius_socket_drops_total',
    'Datagrams the kernel dropped because the receive buffer was full; processes that share a port see the same count',
    ['port'],
    async (counter) => {
      const sockets = await readSockets();
      for (const { role, port } of ports) {
        const drops = dropsOfPort(sockets, port);
        counter.inc({ port: role }, Math.max(0, drops - (seen.get(role) ?? 0)));
        seen.set(role, drops);
      }
    },
  );
  const buffers = metrics.gauge('turnpike_radius_recv_buffer_bytes', 'Receive buffer that the kernel granted', [
    'port',
  ]);
  for (const { role, port, recvBufferBytes } of ports) {
    buffers.set({ port: role }, recvBufferBytes);
    if (recvBufferBytes >= 2 * WANTED_BYTES) continue;
    logger.warn(
      { port, recvBufferBytes, remedy: `sysctl -w net.core.rmem_max=${WANTED_BYTES}` },
      'the kernel grants a RADIUS port a small receive buffer: net.core.rmem_max is below 4 MiB, so bursts of requests are lost',
    );
  }
}
