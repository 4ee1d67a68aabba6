import { RosError } from '@turnpike/routeros/ros-error.js';
import type { RosPrintOptions, RosRow, RosSession } from '@turnpike/routeros/ros-session.js';
import { managedMenus } from './managed-menus.js';
import { readFiles } from './portal-files.js';

/** What was read of a router at one time. */
export interface RouterSnapshot {
  /** Rows by menu, as printed; a menu that the router does not have is absent. */
  readonly menus: ReadonlyMap<string, readonly RosRow[]>;
  /** Our own address, as the router sees it. */
  readonly localAddress: string;
}

interface Reading {
  readonly path: string;
  readonly options: RosPrintOptions;
}

/** Reads may overlap on one connection; more than this many only queue up in the router. */
const PARALLEL_READS = 4;

const FLAGS = ['.id', 'dynamic', 'default', 'builtin', 'invalid', 'about', 'disabled', 'name', 'comment'];
const MORE: Readonly<Record<string, readonly string[]>> = {
  '/ip/address': ['actual-interface'],
};

/** What is in files is long, and most of it is not ours to read. */
const managedReadings: readonly Reading[] = managedMenus
  .filter((menu) => menu.path !== '/file')
  .map((menu) => ({
    path: menu.path,
    options: { proplist: [...new Set([...FLAGS, ...Object.keys(menu.kinds), ...(MORE[menu.path] ?? [])])] },
  }));

/** What the services depend on but do not manage. */
const factReadings: readonly Reading[] = [
  { path: '/system/resource', options: {} },
  { path: '/system/device-mode', options: {} },
  { path: '/interface', options: { proplist: ['.id', 'name', 'type', 'running', 'disabled', 'slave', 'dynamic'] } },
  { path: '/interface/vlan', options: { proplist: ['name', 'interface'] } },
  { path: '/interface/pppoe-client', options: { proplist: ['name', 'interface'] } },
  { path: '/ip/dhcp-client', options: { proplist: ['interface', 'disabled'] } },
];

const ROUTE = ['dst-address', 'gateway', 'immediate-gw', 'gateway-status', 'disabled', 'active', 'static', 'dynamic'];

/** Reads everything that planning needs. Throws the session's RosError; menus that do not exist are left out. */
export async function readSnapshot(session: RosSession, signal: AbortSignal): Promise<RouterSnapshot> {
  const menus = new Map<string, readonly RosRow[]>();
  const rest = [...managedReadings, ...factReadings, ...routeReadings(session.localAddress)];
  const readNext = async (): Promise<void> => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
      const rows = await readMenu(session, next, signal);
      if (rows !== undefined) menus.set(next.path, [...(menus.get(next.path) ?? []), ...rows]);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_READS }, readNext));
  menus.set('/file', (await readFiles(session, signal)).map(storable));
  await readOurPort(session, menus, signal);
  return { menus, localAddress: session.localAddress };
}

/** Whole routing tables may have a million rows: only the default routes and what was entered by hand are asked for. */
function routeReadings(localAddress: string): Reading[] {
  return [
    { path: '/ip/route', options: { where: { 'dst-address': '0.0.0.0/0' }, proplist: ROUTE } },
    { path: '/ip/route', options: { where: { static: true }, proplist: ROUTE } },
    { path: '/ip/arp', options: { where: { address: localAddress }, proplist: ['address', 'mac-address'] } },
  ];
}

/** When we come in through a bridge, the port behind which the router has learned our MAC address. */
async function readOurPort(
  session: RosSession,
  menus: Map<string, readonly RosRow[]>,
  signal: AbortSignal,
): Promise<void> {
  const mac = menus.get('/ip/arp')?.find((row) => row['mac-address'] !== undefined)?.['mac-address'];
  if (mac === undefined) return;
  const options = { where: { 'mac-address': mac }, proplist: ['mac-address', 'on-interface', 'bridge'] };
  const rows = await readMenu(session, { path: '/interface/bridge/host', options }, signal);
  if (rows !== undefined) menus.set('/interface/bridge/host', rows);
}

async function readMenu(
  session: RosSession,
  { path, options }: Reading,
  signal: AbortSignal,
): Promise<RosRow[] | undefined> {
  try {
    return (await session.print(path, { ...options, signal })).map(storable);
  } catch (error) {
    if (error instanceof RosError && error.kind === 'trap' && isUnknownMenu(error)) return undefined;
    throw error;
  }
}

/** Its own words: `no such command`, `no such command or directory (device-mode)`, `no such command prefix`. */
function isUnknownMenu(error: RosError): boolean {
  return error.traps.some((trap) => trap.message.startsWith('no such command'));
}

/** PostgreSQL keeps no NUL in text, and nothing that we look for has one. */
function storable(row: RosRow): RosRow {
  const dirty = Object.values(row).some((value) => value?.includes('\0') === true);
  if (!dirty) return row;
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value?.replaceAll('\0', '')]));
}
