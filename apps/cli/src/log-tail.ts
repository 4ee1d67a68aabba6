import { open } from 'node:fs/promises';
import path from 'node:path';

const TAIL_BYTES = 8_192;

/** The last lines of a process's log, oldest first; empty when it has none. */
export async function logTail(logs: string, name: string, lines: number): Promise<string[]> {
  const handle = await open(path.join(logs, `${name}.log`)).catch(() => undefined);
  if (handle === undefined) return [];
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, start);
    const text = buffer.toString('utf8', 0, bytesRead).trimEnd();
    return text === '' ? [] : text.split('\n').slice(-lines);
  } finally {
    await handle.close();
  }
}
