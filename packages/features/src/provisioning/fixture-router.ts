import type { RosRow } from '@turnpike/routeros/ros-session.js';
import { managedMenus } from './managed-menus.js';
import type { Operation } from './plan.js';
import type { RouterSnapshot } from './router-snapshot.js';

type MutableRow = Record<string, string>;

/** Rows in memory with just enough of a router to carry out plans on them; for tests of the pure part. */
export class FixtureRouter {
  readonly #menus = new Map<string, MutableRow[]>();
  #lastId = 0;

  constructor(version = '7.22 (stable)') {
    for (const { path } of managedMenus) this.#menus.set(path, []);
    this.#menus.set('/system/resource', [{ version }]);
    for (const path of ['/radius/incoming', '/ppp/aaa']) this.#menus.set(path, [{}]);
    this.#menus.set('/ip/dns', [{ 'allow-remote-requests': 'true' }]);
    this.#menus.set('/system/identity', [{ name: 'MikroTik' }]);
    this.#menus.set('/interface', []);
    for (const name of ['ether1', 'ether2', 'ether3', 'ether4', 'ether5']) {
      this.insert('/interface', { name, type: 'ether', running: 'true', disabled: 'false' });
    }
    this.insert('/ip/dhcp-client', { interface: 'ether1', disabled: 'false' });
    this.insert('/ip/address', { address: '100.64.0.9/24', interface: 'ether1', dynamic: 'true' });
    this.insert('/ip/route', { 'dst-address': '0.0.0.0/0', gateway: '100.64.0.1', dynamic: 'true' });
  }

  insert(path: string, row: MutableRow, before?: string): string {
    this.#lastId += 1;
    const id = `*${this.#lastId.toString(16).toUpperCase()}`;
    const rows = this.#menus.get(path) ?? [];
    this.#menus.set(path, rows);
    const at = rows.findIndex((other) => other['.id'] === before);
    rows.splice(at < 0 ? rows.length : at, 0, { '.id': id, ...row });
    return id;
  }

  rows(path: string): readonly RosRow[] {
    return this.#menus.get(path) ?? [];
  }

  /** Changes what is stored, as somebody at the router would. */
  change(path: string, id: string, changes: MutableRow): void {
    Object.assign(this.#row(path, id), changes);
  }

  remove(path: string, id: string): void {
    const row = this.#row(path, id);
    this.#menus.set(
      path,
      (this.#menus.get(path) ?? []).filter((other) => other !== row),
    );
  }

  apply(operation: Operation): void {
    const { path } = operation;
    if (operation.op === 'remove') return this.remove(path, operation.rosId);
    const secrets = Object.entries(operation.secrets).map(([name, secret]) => [name, secret.reveal()] as const);
    const values = printed({ ...operation.attributes, ...Object.fromEntries(secrets) });
    if (operation.op === 'set') this.change(path, operation.rosId ?? '', values);
    else this.insert(path, values, operation.placeBefore);
  }

  snapshot(localAddress = '100.64.0.77'): RouterSnapshot {
    return {
      menus: new Map([...this.#menus].map(([path, rows]) => [path, rows.map((row) => ({ ...row }))])),
      localAddress,
    };
  }

  #row(path: string, id: string): MutableRow {
    const rows = this.#menus.get(path) ?? [];
    const row = id === '' ? rows[0] : rows.find((one) => one['.id'] === id);
    if (row === undefined) throw new Error(`no such item: ${path} ${id}`);
    return row;
  }
}

/** Routers print booleans as true and false, and leave out what is empty. */
function printed(attributes: Readonly<Record<string, string>>): MutableRow {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      value === 'yes' ? 'true' : value === 'no' ? 'false' : value,
    ]),
  );
}
