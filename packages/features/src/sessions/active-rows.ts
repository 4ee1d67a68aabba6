import { parseMacAddress } from '@turnpike/core/mac-address.js';
import { RosError } from '@turnpike/routeros/ros-error.js';
import type { RosRow, RosSession } from '@turnpike/routeros/ros-session.js';
import { parseDurationMs } from '@turnpike/routeros/values.js';
import { usernameAtNas, type SessionIdentity } from './session-identity.js';

/** A session, with how far its NAS had counted when it was last heard of. */
export interface SoughtSession extends SessionIdentity {
  readonly sessionSeconds: number;
  readonly lastSeenAt: Date;
}

/** Somebody online, as the router lists him. */
export interface ActiveRow {
  readonly path: string;
  readonly rosId: string;
  readonly username: string | undefined;
  readonly address: string | undefined;
  readonly device: string | undefined;
  /** Hexadecimal; hotspots show none. */
  readonly sessionId: string | undefined;
  readonly uptimeMs: number | undefined;
}

/** What each menu calls the same things (manual: HotSpot active users; PPP active users). */
const MENUS = [
  {
    path: '/ip/hotspot/active',
    proplist: ['.id', 'user', 'address', 'mac-address', 'uptime'],
    read: (row: RosRow) => ({ username: row['user'], device: row['mac-address'], sessionId: undefined }),
  },
  {
    path: '/ppp/active',
    proplist: ['.id', 'name', 'address', 'caller-id', 'session-id', 'uptime'],
    read: (row: RosRow) => ({ username: row['name'], device: row['caller-id'], sessionId: row['session-id'] }),
  },
] as const;

/** More than any router serves; one that lists more is not believed. */
const MAX_ROWS = 50_000;
const MISSING_COMMAND = 0;

/** Everybody online at a router, over hotspot and PPP alike. */
export async function listActive(session: RosSession, signal: AbortSignal): Promise<ActiveRow[]> {
  const rows: ActiveRow[] = [];
  for (const { path, proplist, read } of MENUS) {
    for (const row of await printOrNone(session, path, proplist, signal)) {
      const rosId = row['.id'];
      if (rosId === undefined) continue;
      const uptimeMs = parseDurationMs(row['uptime'] ?? '');
      rows.push({ path, rosId, address: row['address'], uptimeMs, ...read(row) });
    }
  }
  return rows;
}

/** A router without the package of a service has no such menu, and nobody online there. */
async function printOrNone(
  session: RosSession,
  path: string,
  proplist: readonly string[],
  signal: AbortSignal,
): Promise<RosRow[]> {
  try {
    return await session.print(path, { proplist, maxRows: MAX_ROWS, signal });
  } catch (error) {
    if (error instanceof RosError && error.traps.some(({ category }) => category === MISSING_COMMAND)) return [];
    throw error;
  }
}

/** How much later than we think a session may have begun: packets and our own clockwork take their time. */
const SLACK_MS = 15_000;

/**
 * Whether a row is the session. The row must have been there for as long as the session: the customer may have logged in
 * again since, and a router that restarted gives the same ids again. Then the id decides where both sides know it, else
 * the name and the address or the device.
 */
export function isSession(row: ActiveRow, sought: SoughtSession, now: Date): boolean {
  const username = usernameAtNas(sought.username);
  if (username !== undefined && !sameText(row.username, username)) return false;
  if (isNewer(row, sought, now)) return false;
  if (isSameId(row.sessionId, sought.acctSessionId)) return true;
  const found = [
    compare(row.address, sought.framedIpAddress, sameText),
    compare(row.device, sought.callingStationId, sameDevice),
  ];
  if (username === undefined) return found.includes('same') && !found.includes('differs');
  return found.includes('same') || !found.includes('differs');
}

/** Whether enough is known of a session to say that it is not in a list. */
export function canBeSought({ username, framedIpAddress, callingStationId }: SessionIdentity): boolean {
  return usernameAtNas(username) !== undefined || framedIpAddress !== null || callingStationId !== null;
}

function isNewer({ uptimeMs }: ActiveRow, { sessionSeconds, lastSeenAt }: SoughtSession, now: Date): boolean {
  if (uptimeMs === undefined) return false;
  const atLeastMs = sessionSeconds * 1000 + (now.getTime() - lastSeenAt.getTime());
  return uptimeMs + SLACK_MS < atLeastMs;
}

type Comparison = 'same' | 'differs' | 'unknown';

function compare(
  shown: string | undefined,
  wanted: string | null,
  same: (shown: string, wanted: string) => boolean,
): Comparison {
  if (shown === undefined || shown === '' || wanted === null) return 'unknown';
  return same(shown, wanted) ? 'same' : 'differs';
}

function sameText(shown: string | undefined, wanted: string): boolean {
  return shown?.toLowerCase() === wanted.toLowerCase();
}

function sameDevice(shown: string, wanted: string): boolean {
  return sameText(parseMacAddress(shown) ?? shown, parseMacAddress(wanted) ?? wanted);
}

function isSameId(shown: string | undefined, wanted: string): boolean {
  const canonical = (text: string): string => text.toLowerCase().replace(/^0x/, '').replace(/^0+/, '');
  return shown !== undefined && wanted !== '' && canonical(shown) === canonical(wanted);
}
