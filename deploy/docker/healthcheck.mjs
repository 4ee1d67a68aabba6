// Asks the process of this container (or process PID: healthcheck.mjs PID) whether it is ready: its stores answer, its settings fit, it is not stopping.
// Every process serves /readyz on a loopback port that the system chose, so the port is looked up: which sockets it holds
// (/proc/PID/fd), and which of them listen (/proc/net/tcp). This also works on the host's network, where others listen too.
import { readFile, readdir, readlink } from 'node:fs/promises';

const LISTEN = '0A';
const LOOPBACK = '0100007F';
const DEADLINE_MS = 4_000;

/** Inodes of the sockets of process `only`, or of every other one that we may look into: in a container that is the one process. */
async function socketsOfOthers(only) {
  const running = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const pids = only === undefined ? running : [only];
  const found = await Promise.all(pids.map(socketsOf));
  return new Set(found.flat());
}

async function socketsOf(pid) {
  const fds = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const targets = await Promise.all(fds.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
  return targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []);
}

/** proc(5): `sl local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode`, addresses in hexadecimal. */
async function listeningPorts(inodes) {
  const lines = (await readFile('/proc/net/tcp', 'utf8')).trim().split('\n').slice(1);
  return lines.flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
    const [address, port = '0'] = local.split(':');
    return state === LISTEN && address === LOOPBACK && inodes.has(inode) ? [Number.parseInt(port, 16)] : [];
  });
}

/** What /readyz of this port says; nothing when it is another server. */
async function readinessAt(port, signal) {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal }).catch(() => undefined);
  const body = await response?.json().catch(() => undefined);
  return typeof body?.ok === 'boolean' ? body : undefined;
}

async function main() {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const ports = await listeningPorts(await socketsOfOthers(process.argv[2]));
  const answers = (await Promise.all(ports.map((port) => readinessAt(port, signal)))).filter(
    (one) => one !== undefined,
  );
  if (answers.length === 0) return { ok: false, text: 'no process here says whether it is ready' };
  return { ok: answers.every(({ ok }) => ok), text: JSON.stringify(answers.map(({ checks }) => checks)) };
}

const { ok, text } = await main();
process.stdout.write(`${text}\n`);
process.exit(ok ? 0 : 1);
