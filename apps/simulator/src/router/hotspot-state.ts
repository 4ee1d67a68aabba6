import { parseRange, type Range } from './ipv4-text.js';
import type { RouterState } from './router-state.js';
import type { Row } from './table.js';

const enabled = (row: Row): boolean => row.props['disabled'] !== 'true';

/** The bridge that owns the interface as a port, if any. */
export function bridgeOfPort(state: RouterState, name: string): string | undefined {
  const port = state
    .table('/interface/bridge/port')
    .rows.find((row) => row.props['interface'] === name && enabled(row));
  return port?.props['bridge'];
}

export function isRunning(state: RouterState, name: string): boolean {
  const row = state.byName('/interface', name);
  return row !== undefined && enabled(row);
}

/** A hotspot is invalid on an interface that is gone or belongs to a bridge, or with a profile that is gone. */
export function hotspotInvalid(state: RouterState, row: Row): boolean {
  const on = row.props['interface'] ?? '';
  if (state.byName('/interface', on) === undefined || bridgeOfPort(state, on) !== undefined) return true;
  if (state.byName('/ip/hotspot/profile', row.props['profile'] ?? '') === undefined) return true;
  return state.table('/ip/hotspot').rows.find((other) => other.props['interface'] === on) !== row;
}

export function hotspotAllowed(state: RouterState): boolean {
  return state.allowedByDeviceMode('hotspot');
}

/** Enabled, valid and permitted: the router runs its servlet and redirects clients to it. */
export function hotspotRuns(state: RouterState, row: Row): boolean {
  return (
    enabled(row) &&
    hotspotAllowed(state) &&
    !hotspotInvalid(state, row) &&
    isRunning(state, row.props['interface'] ?? '')
  );
}

export function runningHotspots(state: RouterState): Row[] {
  return state.table('/ip/hotspot').rows.filter((row) => hotspotRuns(state, row));
}

function poolRanges(state: RouterState, name: string, seen: readonly string[] = []): Range[] {
  const pool = state.byName('/ip/pool', name);
  if (pool === undefined || seen.includes(name)) return [];
  const own = (pool.props['ranges'] ?? '')
    .split(',')
    .map(parseRange)
    .filter((range) => range !== undefined);
  const next = pool.props['next-pool'];
  return next === undefined || next === 'none' ? own : [...own, ...poolRanges(state, next, [...seen, name])];
}

/** Addresses a client of this interface may get: those of the enabled DHCP server there. */
export function dhcpRanges(state: RouterState, interfaceName: string): Range[] {
  const server = dhcpServerOn(state, interfaceName);
  return server === undefined ? [] : poolRanges(state, server.props['address-pool'] ?? '');
}

export function dhcpServerOn(state: RouterState, interfaceName: string): Row | undefined {
  return state
    .table('/ip/dhcp-server')
    .rows.find((row) => row.props['interface'] === interfaceName && enabled(row) && !dhcpInvalid(state, row));
}

/** No address of the router on the interface, an interface that is gone or a bridge's port: the server cannot run. */
export function dhcpInvalid(state: RouterState, row: Row): boolean {
  const on = row.props['interface'] ?? '';
  if (state.byName('/interface', on) === undefined || bridgeOfPort(state, on) !== undefined) return true;
  const pool = row.props['address-pool'] ?? '';
  if (pool !== 'static-only' && state.byName('/ip/pool', pool) === undefined) return true;
  return addressesOn(state, on).length === 0;
}

export function addressesOn(state: RouterState, interfaceName: string): Row[] {
  return state.table('/ip/address').rows.filter((row) => row.props['interface'] === interfaceName && enabled(row));
}

export function poolSize(state: RouterState, name: string): number {
  const pool = state.byName('/ip/pool', name);
  const ranges = (pool?.props['ranges'] ?? '').split(',').map(parseRange);
  return ranges.reduce((sum, range) => sum + (range === undefined ? 0 : range.last - range.first + 1), 0);
}
