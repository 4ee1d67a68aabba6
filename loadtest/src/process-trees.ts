import { readdir, readFile } from 'node:fs/promises';
import { parseProcessStat, type ProcessTimes } from './process-cpu.js';

/**
 * CPU seconds that these processes and everything below them have used until now, children that have ended included: servers
 * such as PostgreSQL and PHP-FPM work in children. Who is gone counts nothing.
 */
export async function cpuSecondsOfTrees(pids: readonly number[]): Promise<number> {
  const all = await readAll();
  const children = new Map<number, number[]>();
  for (const [pid, { parent }] of all) children.set(parent, [...(children.get(parent) ?? []), pid]);
  const waiting = [...new Set(pids)];
  const counted = new Set<number>();
  let seconds = 0;
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    const times = all.get(pid);
    if (times === undefined || counted.has(pid)) continue;
    counted.add(pid);
    seconds += times.ownSeconds + times.endedChildrenSeconds;
    waiting.push(...(children.get(pid) ?? []));
  }
  return seconds;
}

async function readAll(): Promise<Map<number, ProcessTimes>> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = names.map(async (name): Promise<[number, ProcessTimes][]> => {
    const text = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    return text === '' ? [] : [[Number(name), parseProcessStat(text)]];
  });
  return new Map((await Promise.all(read)).flat());
}
