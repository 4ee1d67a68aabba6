import { readFile } from 'node:fs/promises';

const TICKS_A_SECOND = 100;

/** Processor time of one process, s. */
export interface ProcessTimes {
  readonly parent: number;
  readonly ownSeconds: number;
  /** Of children that ended and were waited for. */
  readonly endedChildrenSeconds: number;
}

/** Processor time of the machine, all processors together, s. */
export interface MachineTimes {
  readonly idleSeconds: number;
  readonly allSeconds: number;
}

/** proc(5), /proc/pid/stat: ppid is the 4th field, utime to cstime the 14th to the 17th; the name before them may have spaces. */
export function parseProcessStat(text: string): ProcessTimes {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const seconds = (first: number): number => (Number(fields[first]) + Number(fields[first + 1])) / TICKS_A_SECOND;
  return { parent: Number(fields[1]), ownSeconds: seconds(11), endedChildrenSeconds: seconds(13) };
}

/** proc(5), /proc/stat: user nice system idle iowait irq softirq steal; guests, which follow, are in user already. */
export function parseMachineStat(text: string): MachineTimes {
  const numbers = (/^cpu +(.+)$/m.exec(text)?.[1] ?? '').split(' ').map(Number).slice(0, 8);
  const ticks = numbers.reduce((sum, number) => sum + number, 0);
  return {
    idleSeconds: ((numbers[3] ?? 0) + (numbers[4] ?? 0)) / TICKS_A_SECOND,
    allSeconds: ticks / TICKS_A_SECOND,
  };
}

/** Part of the time between two looks in which the processors had nothing to do. */
export function idleShare(before: MachineTimes, after: MachineTimes): number {
  const all = after.allSeconds - before.allSeconds;
  return all <= 0 ? 0 : (after.idleSeconds - before.idleSeconds) / all;
}

export async function readMachineTimes(): Promise<MachineTimes> {
  return parseMachineStat(await readFile('/proc/stat', 'utf8'));
}

/** Processor time that these have used together; who is gone counts nothing. */
export async function cpuSecondsOf(pids: readonly number[]): Promise<number> {
  const times = await Promise.all([...new Set(pids)].map(ownSecondsOf));
  return times.reduce((sum, seconds) => sum + seconds, 0);
}

async function ownSecondsOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text === '' ? 0 : parseProcessStat(text).ownSeconds;
}
