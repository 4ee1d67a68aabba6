import { RosError } from '@turnpike/routeros/ros-error.js';
import type { RosRow, RosSession } from '@turnpike/routeros/ros-session.js';

const FILES = '/file';

/** The last word of a run that was taken back. */
export function withWhatStays(done: string, stays: readonly string[]): string {
  return [done, ...new Set(stays)].join('; ');
}

/** What RouterOS 7 copies into the folder of a hotspot profile, wherever it finds no file of that name. */
const COPIED =
  /^(?:[afr]?login\.html|logout\.html|status\.html|redirect\.html|radvert\.html|error\.html|errors\.txt|md5\.js|api\.json|favicon\.ico|(?:css|img|xml)(?:\/.*)?)$/;

/**
 * Removes what the router itself has put into a folder of ours, before that goes. Gives the names of what somebody else put
 * there; a file that the router keeps for itself is left to it. Does nothing for what is no folder with something in it.
 */
export async function removeRoutersOwnPages(
  session: RosSession,
  folder: string,
  signal: AbortSignal,
): Promise<string[]> {
  const rows = await session.print(FILES, { proplist: ['.id', 'name'], signal });
  const copied = rows.flatMap(({ '.id': rosId, name }) =>
    name !== undefined && rosId !== undefined && isWithin(folder, name) && isCopied(folder, name)
      ? [{ rosId, name }]
      : [],
  );
  // What lies in a folder goes before the folder.
  copied.sort((a, b) => b.name.length - a.name.length);
  for (const { rosId } of copied) await removeIfPossible(session, rosId, signal);
  return othersIn(folder, rows);
}

/** Names of what somebody else has put into a folder of ours, given all files: because of them the folder stays. */
export function othersIn(folder: string, rows: readonly RosRow[]): string[] {
  return rows.flatMap(({ name }) =>
    name !== undefined && isWithin(folder, name) && !isCopied(folder, name) ? [name] : [],
  );
}

function isWithin(folder: string, name: string): boolean {
  return name.startsWith(`${folder}/`);
}

function isCopied(folder: string, name: string): boolean {
  return COPIED.test(name.slice(folder.length + 1));
}

async function removeIfPossible(session: RosSession, rosId: string, signal: AbortSignal): Promise<void> {
  try {
    await session.remove(FILES, rosId, { signal });
  } catch (error) {
    if (!(error instanceof RosError) || error.kind !== 'trap') throw error;
  }
}
