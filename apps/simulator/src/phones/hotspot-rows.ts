import { printDuration } from '../router/duration.js';
import { dhcpServerOn } from '../router/hotspot-state.js';
import type { RouterState } from '../router/router-state.js';
import type { Row } from '../router/table.js';
import type { ClientSession } from './client-session.js';
import { parseRateLimit } from './session-counters.js';

/** A dynamic row that is there because of one phone. */
export interface OwnedRow {
  readonly path: string;
  readonly id: string;
}

/** A phone's place in the network of a hotspot. */
export interface Attachment {
  readonly hotspot: Row;
  readonly address: string;
  readonly rows: readonly OwnedRow[];
  /** Its row in `/ip/hotspot/host`. */
  readonly hostId: string;
}

export interface AttachmentInput {
  readonly mac: string;
  readonly hotspot: Row;
  readonly address: string;
  readonly authorized: () => boolean;
}

/** Gives the phone its lease, its place in the pool and its row among the hosts. */
export function attachToHotspot(state: RouterState, input: AttachmentInput): Attachment {
  const { mac, hotspot, address } = input;
  const server = dhcpServerOn(state, hotspot.props['interface'] ?? '')?.props;
  const insert = (path: string, props: Record<string, string>, live?: () => Record<string, string>): OwnedRow => {
    const row = state.table(path).insert(props, { dynamic: true, ...(live === undefined ? {} : { live }) });
    state.changed({ path, verb: 'add', row });
    return { path, id: row.id };
  };
  const lease = insert('/ip/dhcp-server/lease', {
    address,
    'active-address': address,
    'mac-address': mac,
    'active-mac-address': mac,
    server: server?.['name'] ?? '',
    status: 'bound',
    'expires-after': server?.['lease-time'] ?? '30m',
    disabled: 'false',
  });
  const used = insert('/ip/pool/used', { pool: server?.['address-pool'] ?? '', address, owner: 'DHCP', info: mac });
  const host = insert('/ip/hotspot/host', hostProperties(state, input), hostState(state, input.authorized));
  return { hotspot, address, rows: [lease, used, host], hostId: host.id };
}

function hostProperties(state: RouterState, { mac, hotspot, address }: AttachmentInput): Record<string, string> {
  const bypassed = state
    .table('/ip/hotspot/ip-binding')
    .rows.some((row) => row.props['mac-address'] === mac && row.props['type'] === 'bypassed');
  return {
    'mac-address': mac,
    address,
    'to-address': address,
    server: hotspot.props['name'] ?? '',
    'found-by': 'DHCP',
    DHCP: 'true',
    bypassed: String(bypassed),
  };
}

function hostState(state: RouterState, authorized: () => boolean): () => Record<string, string> {
  const since = state.time.monotonicMs();
  return () => ({
    authorized: String(authorized()),
    uptime: printDuration(Math.floor((state.time.monotonicMs() - since) / 1000) * 1000),
  });
}

/** What moves in a row of `/ip/hotspot/active`. */
function activeCounters(session: ClientSession): Record<string, string> {
  const { up, down } = session.octets();
  const left = session.secondsLeft();
  const row: Record<string, string> = {
    uptime: printDuration(session.uptimeSeconds() * 1000),
    'idle-time': '0s',
    'keepalive-timeout': '2m',
    'bytes-in': String(up),
    'bytes-out': String(down),
    'packets-in': String(Math.ceil(up / 900)),
    'packets-out': String(Math.ceil(down / 900)),
  };
  if (left !== undefined) row['session-time-left'] = printDuration(left * 1000);
  if (session.idleMs !== undefined) row['idle-timeout'] = printDuration(session.idleMs);
  if (session.totalLimit !== undefined) row['limit-bytes-total'] = String(session.totalLimit);
  return row;
}

/** The row of a logged-in phone. */
export function insertActiveRow(
  state: RouterState,
  session: ClientSession,
  login: { readonly server: string; readonly way: string; readonly fromRadius: boolean },
): OwnedRow {
  const path = '/ip/hotspot/active';
  const { username, address, mac } = session.identity;
  const props = {
    server: login.server,
    user: username,
    address,
    'mac-address': mac,
    'login-by': login.way,
    radius: String(login.fromRadius),
  };
  const row = state.table(path).insert(props, { dynamic: true, live: () => activeCounters(session) });
  state.changed({ path, verb: 'add', row });
  return { path, id: row.id };
}

/** The router limits a user with a simple queue of his own, which follows a change of the rate. */
export function insertQueueRow(
  state: RouterState,
  session: ClientSession,
  props: { readonly name: string; readonly target: string },
): OwnedRow[] {
  if (session.rateLimit === '') return [];
  const path = '/queue/simple';
  const live = (): Record<string, string> => {
    const { up, down } = parseRateLimit(session.rateLimit);
    return { 'max-limit': `${up}/${down}` };
  };
  const row = state.table(path).insert({ ...props, disabled: 'false' }, { dynamic: true, live });
  state.changed({ path, verb: 'add', row });
  return [{ path, id: row.id }];
}
