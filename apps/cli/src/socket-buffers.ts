import { readFile } from 'node:fs/promises';
import { judge, type Finding } from './finding.js';

/** Bytes: what bursts of RADIUS packets need while the process is busy; the kernel grants no more than these limits. */
const NEEDED = 4 * 1024 * 1024;
const LIMITS = [
  { name: 'rmem_max', cost: 'bursts of RADIUS requests are dropped by the kernel' },
  { name: 'wmem_max', cost: 'bursts of RADIUS replies are dropped by the kernel' },
] as const;

/** Reads one limit below /proc/sys/net/core; undefined where it is not shown, as in some containers. */
export type ReadLimit = (name: string) => Promise<number | undefined>;

const readKernelLimit: ReadLimit = async (name) => {
  const text = await readFile(`/proc/sys/net/core/${name}`, 'utf8').catch(() => '');
  return /^\d+\s*$/.test(text) ? Number(text) : undefined;
};

/** Whether the kernel lets our UDP sockets have buffers that hold a burst (socket(7): rmem_max, wmem_max). */
export async function socketBufferFindings(readLimit: ReadLimit = readKernelLimit): Promise<Finding[]> {
  return Promise.all(
    LIMITS.map(async ({ name, cost }) => {
      const bytes = await readLimit(name);
      const text = `net.core.${name} is ${bytes ?? 'not shown here: it is that of the host'}`;
      const lines = [
        `sudo sysctl -w net.core.${name}=${NEEDED}   (else ${cost})`,
        `echo net.core.${name}=${NEEDED} | sudo tee -a /etc/sysctl.d/90-turnpike.conf   (keeps it over a restart)`,
      ];
      return judge((bytes ?? 0) >= NEEDED, text, 'hint', lines.join('\n      '));
    }),
  );
}
