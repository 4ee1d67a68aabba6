import { isIPv4 } from 'node:net';
import type { RosRow, RosSession } from '@turnpike/routeros/ros-session.js';
import { named, tagged, type DesiredObject } from './desired-object.js';
import { isOurFile, nameOf, tagOf } from './ownership.js';
import { isAtLeast, type RosVersion } from './ros-version.js';

/** The captive portal as a router has to know it. */
export interface PortalTarget {
  /** Where phones reach it. */
  readonly url: URL;
  /** The router's own pages, by file name; each at most 4 kB, so that the router shows what it has. */
  readonly pages: ReadonlyMap<string, string>;
  /** Where its login page can be had by hand. */
  readonly loginPageUrl: string;
}

const FILES = '/file';
/** Since then folders can be made. */
const FOLDERS_SINCE = '7.15';

export function takesPages(version: RosVersion): boolean {
  return isAtLeast(version, FOLDERS_SINCE);
}

/** Folder of a hotspot's pages. Boards with a flash disk forget every other directory when they restart. */
export function pagesFolder(slug: string, hasFlash: boolean): string {
  return hasFlash ? `flash/${nameOf(slug)}` : nameOf(slug);
}

/** A folder of our own, so that pages that somebody made for another hotspot stay as they are. */
export function pageObjects(folder: string, { pages }: PortalTarget): DesiredObject[] {
  const files = [...pages].map(([name, contents]) => named(FILES, `${folder}/${name}`, { contents }));
  return [named(FILES, folder, { type: 'directory' }), ...files];
}

/** Who has not paid may reach the portal, and nothing else of that host. */
export function portalGarden(slug: string, { url }: PortalTarget): DesiredObject {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return tagged('/ip/hotspot/walled-garden/ip', tagOf(slug, 'portal'), {
    action: 'accept',
    server: nameOf(slug),
    ...(isIPv4(host) ? { 'dst-address': host } : { 'dst-host': host }),
    protocol: 'tcp',
    'dst-port': url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port,
    disabled: 'no',
  });
}

/** The names of all files, and what is in those that are ours. */
export async function readFiles(session: RosSession, signal: AbortSignal): Promise<RosRow[]> {
  const rows = await session.print(FILES, { proplist: ['.id', 'name', 'type', 'size'], signal });
  const read: RosRow[] = [];
  for (const row of rows) read.push(isOurFile(row['name']) ? await withContents(session, row, signal) : row);
  return read;
}

async function withContents(session: RosSession, row: RosRow, signal: AbortSignal): Promise<RosRow> {
  if (row['type'] === 'directory' || row['name'] === undefined) return row;
  const options = { where: { name: row['name'] }, proplist: ['contents'], signal };
  const contents = (await session.print(FILES, options))[0]?.['contents'];
  return contents === undefined ? row : { ...row, contents };
}
