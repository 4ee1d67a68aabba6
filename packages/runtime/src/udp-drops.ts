import { readFile } from 'node:fs/promises';

/** One UDP socket of this machine, as /proc/net/udp and udp6 list it (proc(5)). */
export interface UdpSocketState {
  readonly port: number;
  readonly inode: number;
  /** Datagrams the kernel threw away because the socket's receive buffer was full. */
  readonly drops: number;
  /** Bytes that wait in the receive buffer. */
  readonly queuedBytes: number;
}

/**
 * Reads the table of /proc/net/udp or udp6. Columns: sl, local_address, rem_address, st, tx_queue:rx_queue, tr:tm->when,
 * retrnsmt, uid, timeout, inode, ref, pointer, drops. Lines that do not fit are left out.
 */
export function parseUdpSockets(table: string): UdpSocketState[] {
  return table.split('\n').flatMap((line) => {
    const [, local, , , queues, , , , , inode, , , drops] = line.trim().split(/\s+/);
    const port = /^[0-9A-F]{8,32}:([0-9A-F]{4})$/i.exec(local ?? '')?.[1];
    const queued = /^[0-9A-F]{8}:([0-9A-F]{8})$/i.exec(queues ?? '')?.[1];
    if (port === undefined || queued === undefined || !/^\d+$/.test(inode ?? '') || !/^\d+$/.test(drops ?? ''))
      return [];
    return [
      { port: parseInt(port, 16), inode: Number(inode), drops: Number(drops), queuedBytes: parseInt(queued, 16) },
    ];
  });
}

/** Datagrams dropped by the sockets that are bound to `port`. */
export function dropsOfPort(sockets: readonly UdpSocketState[], port: number): number {
  return sockets.filter((socket) => socket.port === port).reduce((sum, socket) => sum + socket.drops, 0);
}

/** The UDP sockets of this machine's network namespace; none where there is no /proc. */
export async function readUdpSockets(): Promise<UdpSocketState[]> {
  const tables = ['/proc/net/udp', '/proc/net/udp6'].map((file) => readFile(file, 'latin1').catch(() => ''));
  return (await Promise.all(tables)).flatMap(parseUdpSockets);
}
