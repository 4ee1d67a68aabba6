import { EventEmitter } from 'node:events';
import type { Menu } from '../schema/menu.js';
import { schemaOf, type Schema } from '../schema/schema.js';
import type { RosVersion } from '../schema/version.js';
import type { SimTime } from './sim-time.js';
import { TrafficMeter } from './traffic-meter.js';
import { createIdSource, type Row, Table } from './table.js';

/** Menus whose objects are interfaces; `/interface` shows them all under the same ids. */
export const INTERFACE_KINDS: ReadonlyMap<string, string> = new Map([
  ['/interface/loopback', 'loopback'],
  ['/interface/ethernet', 'ether'],
  ['/interface/bridge', 'bridge'],
  ['/interface/vlan', 'vlan'],
  ['/interface/wireguard', 'wg'],
  ['/interface/pppoe-client', 'pppoe-out'],
  ['/interface/pppoe-server', 'pppoe-in'],
]);

export interface StateChange {
  readonly path: string;
  readonly verb: 'add' | 'set' | 'remove' | 'move';
  /** Undefined for a settings menu. */
  readonly row: Row | undefined;
}

export type DeviceMode = 'advanced' | 'home';

/** Everything one simulated router knows. It is only in memory: a new one is factory new. */
export class RouterState {
  readonly version: RosVersion;
  readonly schema: Schema;
  readonly time: SimTime;
  readonly seed: number;
  readonly deviceMode: Record<string, string>;
  readonly traffic = new TrafficMeter();
  bootedAtMs: number;
  readonly #tables = new Map<string, Table>();
  readonly #settings = new Map<string, Record<string, string>>();
  readonly #nextInterfaceId = createIdSource();
  readonly #events = new EventEmitter();

  constructor(options: { version: RosVersion; time: SimTime; seed: number; deviceMode: Record<string, string> }) {
    this.version = options.version;
    this.schema = schemaOf(options.version);
    this.time = options.time;
    this.seed = options.seed;
    this.deviceMode = { ...options.deviceMode };
    this.bootedAtMs = options.time.monotonicMs();
    this.#events.setMaxListeners(0);
  }

  table(path: string): Table {
    const known = this.#tables.get(path);
    if (known !== undefined) return known;
    const table = INTERFACE_KINDS.has(path) ? new Table(this.#nextInterfaceId) : new Table();
    this.#tables.set(path, table);
    return table;
  }

  /** Rows of a list menu; for `/interface` those of all kinds in the order they were made. */
  rows(path: string): readonly Row[] {
    if (path !== '/interface') return this.table(path).rows;
    const all = [...INTERFACE_KINDS.keys()].flatMap((kind) => [...this.table(kind).rows]);
    return all.sort((a, b) => Number.parseInt(a.id.slice(1), 16) - Number.parseInt(b.id.slice(1), 16));
  }

  /** The menu that holds the row: `/interface/bridge` for a bridge found under `/interface`. */
  homeOf(path: string, row: Row): string {
    if (path !== '/interface') return path;
    return [...INTERFACE_KINDS.keys()].find((kind) => this.table(kind).byId(row.id) !== undefined) ?? path;
  }

  settings(path: string): Record<string, string> {
    const known = this.#settings.get(path);
    if (known !== undefined) return known;
    const values = initialValues(this.schema.menu(path));
    this.#settings.set(path, values);
    return values;
  }

  byName(path: string, name: string): Row | undefined {
    return this.rows(path).find((row) => row.props['name'] === name);
  }

  /** The name of the object meant by a name or an id. */
  resolveName(path: string, nameOrId: string): string | undefined {
    if (this.byName(path, nameOrId) !== undefined) return nameOrId;
    return this.rows(path).find((row) => row.id === nameOrId)?.props['name'];
  }

  allowedByDeviceMode(feature: string): boolean {
    return this.deviceMode[feature] !== 'false';
  }

  changed(change: StateChange): void {
    this.#events.emit('change', change);
  }

  onChange(listener: (change: StateChange) => void): () => void {
    this.#events.on('change', listener);
    return () => this.#events.off('change', listener);
  }

  log(topics: string, message: string): void {
    const log = this.table('/log');
    const time = printTime(this.time.now());
    const row = log.insert({ time, topics, message, buffer: 'memory' });
    if (log.rows.length > 1000) log.removeWhere((old) => old === log.rows[0]);
    this.changed({ path: '/log', verb: 'add', row });
  }
}

export function initialValues(menu: Menu | undefined): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, argument] of Object.entries(menu?.args ?? {})) {
    if (argument.initial !== undefined) values[name] = argument.initial;
  }
  return values;
}

/** `2026-01-01 10:20:30` as RouterOS prints times of day since 7.10. */
export function printTime(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ');
}
