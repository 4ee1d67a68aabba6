import { readFile, readdir, readlink } from 'node:fs/promises';
import type { Protocol } from './ports.js';

interface SocketRow {
  readonly inode: string;
  readonly uid: number;
}

/** Socket state of a listening TCP socket and of an unconnected UDP socket; Linux include/net/tcp_states.h. */
const WAITING_STATE: Readonly<Record<Protocol, string>> = { tcp: '0A', udp: '07' };

/** Rows of /proc/net/tcp and its kin that wait on this port; columns as in proc(5). */
export function waitingSockets(table: string, protocol: Protocol, port: number): SocketRow[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table.split('\n').flatMap((line) => {
    const [, local, , state, , , , uid, , inode] = line.trim().split(/\s+/);
    const matches = local?.endsWith(suffix) === true && state === WAITING_STATE[protocol];
    return matches && inode !== undefined ? [{ inode, uid: Number(uid) }] : [];
  });
}

async function processHolding(inodes: ReadonlySet<string>): Promise<string | undefined> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    for (const descriptor of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode !== undefined && inodes.has(inode)) return pid;
    }
  }
  return undefined;
}

/** Who listens on this port, in words: `redis-server 127.0.0.1:6379 (process 4711)`; nothing when nobody does. */
export async function describePortHolder(protocol: Protocol, port: number): Promise<string | undefined> {
  const tables = await Promise.all(
    [protocol, `${protocol}6`].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const rows = tables.flatMap((table) => waitingSockets(table, protocol, port));
  const [first] = rows;
  if (first === undefined) return undefined;
  const pid = await processHolding(new Set(rows.map((row) => row.inode)));
  if (pid === undefined) return `a process of user id ${first.uid} (run as root to see which one)`;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const words = commandLine.replaceAll('\0', ' ').trim().slice(0, 120);
  return `${words === '' ? 'a process' : words} (process ${pid})`;
}
