import { RosError } from '@turnpike/routeros/ros-error.js';
import type { RosSession } from '@turnpike/routeros/ros-session.js';

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
  const within = rows.flatMap(({ '.id': rosId, name }) =>
    name?.startsWith(`${folder}/`) === true && rosId !== undefined ? [{ rosId, name }] : [],
  );
  const isCopied = ({ name }: { name: string }): boolean => COPIED.test(name.slice(folder.length + 1));
  // What lies in a folder goes before the folder.
  const copied = within.filter(isCopied).sort((a, b) => b.name.length - a.name.length);
  for (const { rosId } of copied) await removeIfPossible(session, rosId, signal);
  return within.filter((row) => !isCopied(row)).map(({ name }) => name);
}

async function removeIfPossible(session: RosSession, rosId: string, signal: AbortSignal): Promise<void> {
  try {
    await session.remove(FILES, rosId, { signal });
  } catch (error) {
    if (!(error instanceof RosError) || error.kind !== 'trap') throw error;
  }
}
