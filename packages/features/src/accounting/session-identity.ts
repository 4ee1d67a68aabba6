import type { Tx } from '@turnpike/db/database.js';
import type { AccountingRecord } from './accounting-record.js';
import { holdNames, sessionsOfNames } from './session-identity.store.js';

/** A session that goes by a name; times in ms since 1970. */
export interface NamedSession {
  readonly key: string;
  /** When it began by the clock of the NAS, as the first packet that came of it told. */
  readonly namedStart: number;
  readonly startedAt: number;
  readonly endedAt: number;
}

const SAME_START_MS = 60_000;
const SECOND_DIGITS = 10;

/**
 * Gives every record the key of its session. A Class token of ours is one; without it the NAS's name for the session
 * (id, user, device) may be used again after a reboot, so a session of that name is the same only when it began within a
 * minute of this one (retransmissions without Acct-Delay-Time and clocks make starts differ by seconds) or when both were
 * running at the same time, as a NAS has one session of a name at a time (a packet that was held up for long and says so
 * nowhere). Otherwise it is another: its key is the name and its second of start. Fixed buckets of start times would tear
 * sessions apart whose packets lie on both sides of a border; comparing with what is known does not.
 *
 * Limits: an id used again within a minute of the start of its namesake is the same session; and a packet delayed for more
 * than a minute, of a NAS that states no times, opens a session of its own when none came before it but the Start.
 */
export async function identifySessions(
  tx: Tx,
  records: readonly AccountingRecord[],
): Promise<Map<AccountingRecord, string>> {
  const unclaimed = records.filter(isNamed).sort((a, b) => a.namedStart - b.namedStart);
  if (unclaimed.length === 0) return new Map();
  const names = [...new Set(unclaimed.map((record) => record.sessionKey))].sort();
  await holdNames(tx, names);
  const known = await sessionsOfNames(tx, names);
  const keys = new Map<AccountingRecord, string>();
  for (const record of unclaimed) {
    const namesakes = known.get(record.sessionKey) ?? [];
    const { sessions, key } = placed(record, namesakes);
    known.set(record.sessionKey, sessions);
    keys.set(record, key);
  }
  return keys;
}

function isNamed({ sessionKey }: AccountingRecord): boolean {
  return sessionKey.startsWith('h.');
}

/** Finds or adds the session of a record among those of its name. */
export function placed(
  record: AccountingRecord,
  namesakes: readonly NamedSession[],
): { sessions: NamedSession[]; key: string } {
  const own = spanOf(record);
  const [match] = namesakes
    .filter((other) => isSame(own, other))
    .sort((a, b) => distance(own, a) - distance(own, b) || (a.key < b.key ? -1 : 1));
  if (match === undefined) return { sessions: [...namesakes, own], key: own.key };
  const longer = {
    ...match,
    startedAt: Math.min(match.startedAt, own.startedAt),
    endedAt: Math.max(match.endedAt, own.endedAt),
  };
  return { sessions: namesakes.map((other) => (other === match ? longer : other)), key: match.key };
}

function spanOf({ sessionKey, namedStart, eventAt, sessionSeconds }: AccountingRecord): NamedSession {
  const second = String(Math.floor(namedStart / 1000)).padStart(SECOND_DIGITS, '0');
  const startedAt = Math.max(0, eventAt - sessionSeconds * 1000);
  return { key: `${sessionKey}.${second}`, namedStart, startedAt, endedAt: eventAt };
}

function isSame(own: NamedSession, other: NamedSession): boolean {
  if (distance(own, other) <= SAME_START_MS) return true;
  return own.startedAt < other.endedAt && other.startedAt < own.endedAt;
}

function distance(own: NamedSession, other: NamedSession): number {
  return Math.min(Math.abs(own.namedStart - other.namedStart), Math.abs(own.startedAt - other.startedAt));
}
