import type { RosTrap } from './ros-error.js';
import type { RosRow } from './ros-session.js';

/** One sentence from the router. */
export interface RosReply {
  /** `!re`, `!done`, `!trap`, `!empty`, or something newer. */
  readonly reply: string;
  /** Old routers put it last, newer ones second. */
  readonly tag: string | undefined;
  readonly row: RosRow;
}

const TAG = '.tag=';

export function parseReply(words: readonly string[]): RosReply {
  const [reply = '', ...rest] = words;
  const tagWord = rest.find((word) => word.startsWith(TAG));
  return { reply, tag: tagWord?.slice(TAG.length), row: parseRow(rest) };
}

function parseRow(words: readonly string[]): RosRow {
  const row: Record<string, string> = {};
  // A router may send a property of any name: none of them may reach, or seem to be, a member of Object.prototype.
  Object.setPrototypeOf(row, null);
  for (const word of words) {
    if (!word.startsWith('=')) continue;
    const equals = word.indexOf('=', 1);
    if (equals < 0) row[word.slice(1)] = '';
    else row[word.slice(1, equals)] = word.slice(equals + 1);
  }
  return row;
}

export function parseTrap(row: RosRow): RosTrap {
  const category = row['category'];
  return {
    message: row['message'] ?? 'the router gave no reason',
    category: category !== undefined && /^\d+$/.test(category) ? Number(category) : undefined,
  };
}

/** RouterOS API manual: category 2 is "execution of command interrupted". */
export function isInterruption(trap: RosTrap): boolean {
  return trap.category === 2 || trap.message === 'interrupted';
}
