import { createHash } from 'node:crypto';
import { parseMacAddress } from '@turnpike/core/mac-address.js';
import type { Faults } from '../api/faults.js';
import type { RouterState, StateChange } from '../router/router-state.js';
import { RouterTrap } from '../router/router-trap.js';
import { CoaServer } from './coa-server.js';
import type { ClientSession } from './client-session.js';
import type { ReservedAddress } from './nas-address.js';
import type { NasCore } from './nas-core.js';
import { NasRadius } from './nas-radius.js';
import { Phone } from './phone.js';

/** How long phones may take to say goodbye when the simulator stops, ms. */
const GOODBYE_MS = 1000;
const GOODBYE_BATCH = 50;
/** How long a router that goes down waits for its Accounting-Off to be acknowledged, ms. */
const OFF_MS = 500;
/** Rows that belong to one phone. */
const CLIENT_TABLES = ['/ip/hotspot/active', '/ip/hotspot/host', '/ppp/active'];

function concernsEverybody({ path }: StateChange): boolean {
  return path === '/ip/hotspot' || path === '/system/device-mode' || /^\/interface(?!\/pppoe-server$)/.test(path);
}

/** The RADIUS side of one simulated router, with the phones around it. */
export interface Nas {
  readonly address: string;
  phone(mac?: string): Phone;
  phones(): readonly Phone[];
  activeSessions(): readonly ClientSession[];
  counters(radiusRowId: string): Record<string, string>;
  incomingCounters(): Record<string, string>;
  resetCounters(): void;
  loginByAddress(args: Readonly<Record<string, string>>): Promise<void>;
  /** Accounting-On, sent until it is acknowledged; nobody need wait for that. */
  sayOn(): void;
  /** Accounting-Off; resolves when it is acknowledged or given up after a moment. */
  sayOff(): Promise<void>;
  powerOff(): void;
  powerOn(): void;
  /** Logs phones out (one second at most) and closes the sockets. */
  stop(): Promise<void>;
}

/** Phones use private MAC addresses: locally administered, here the same for the same seed. */
function phoneMac(seed: number, ordinal: number): string {
  return `9E${createHash('sha256').update(`${seed}/phone-${ordinal}`).digest('hex').slice(0, 10)}`;
}

/** A few at a time: all at once would overflow the receive buffer of the RADIUS server. */
async function sayGoodbye(phones: readonly Phone[]): Promise<void> {
  for (let next = 0; next < phones.length; next += GOODBYE_BATCH) {
    await Promise.all(phones.slice(next, next + GOODBYE_BATCH).map((one) => one.logout()));
  }
}

export interface NasOptions {
  readonly state: RouterState;
  readonly faults: Faults;
  readonly reserved: ReservedAddress;
}

export function createNas({ state, faults, reserved }: NasOptions): Nas {
  const radius = new NasRadius(state, faults, reserved.address);
  const phones = new Map<string, Phone>();
  const sessions = new Map<string, ClientSession>();
  const sequence = new Map<number, number>();
  let power = new AbortController();
  const core: NasCore = {
    state,
    faults,
    radius,
    sessions,
    signal: () => power.signal,
    nextSessionId: (base) => {
      const next = (sequence.get(base) ?? 0) + 1;
      sequence.set(base, next);
      return (base + next).toString(16);
    },
  };
  const coa = new CoaServer(core, reserved);
  const unsubscribe = state.onChange((change) => {
    if (change.path === '/radius/incoming') {
      const port = Number(state.settings('/radius/incoming')['port'] ?? '3799');
      coa.follow(port).catch(() => state.log('radius,error', `could not listen on port ${port}`));
    }
    if (CLIENT_TABLES.includes(change.path)) {
      const mac = change.row?.props['mac-address'] ?? change.row?.props['caller-id'] ?? '';
      if (change.verb === 'remove') phones.get(mac)?.review();
    } else if (concernsEverybody(change)) for (const one of phones.values()) one.review();
  });
  const phone = (wanted?: string): Phone => {
    const text = wanted ?? phoneMac(state.seed, phones.size + 1);
    const mac = parseMacAddress(text);
    if (mac === undefined) throw new Error(`not a MAC address: ${text}`);
    const known = phones.get(mac) ?? new Phone(mac, core);
    phones.set(mac, known);
    return known;
  };
  let stopping: Promise<void> | undefined;
  const shutDown = async (): Promise<void> => {
    unsubscribe();
    const goodbye = sayGoodbye([...phones.values()]);
    await Promise.race([goodbye, new Promise((resolve) => setTimeout(resolve, GOODBYE_MS).unref())]);
    if (radius.accounted) await nas.sayOff();
    power.abort(new Error('the simulator stops'));
    await goodbye;
    coa.close();
    await radius.close();
  };
  const nas: Nas = {
    address: reserved.address,
    phone,
    phones: () => [...phones.values()],
    activeSessions: () => [...sessions.values()],
    counters: (id) => radius.counters(id),
    incomingCounters: () => coa.counters(),
    resetCounters: () => {
      radius.resetCounters();
      coa.resetCounters();
    },
    loginByAddress: async (args) => {
      const one = [...phones.values()].find((candidate) => candidate.address === args['ip']);
      if (one === undefined) throw new RouterTrap('failure: no such host');
      const result = await one.login({ username: args['user'] ?? '', password: args['password'] ?? '' });
      if (!result.online) throw new RouterTrap(`failure: ${result.message}`);
    },
    sayOn: () => void radius.announce('on', power.signal).catch(() => undefined),
    sayOff: () =>
      radius.announce('off', AbortSignal.any([power.signal, AbortSignal.timeout(OFF_MS)])).catch(() => undefined),
    powerOff: () => {
      power.abort(new Error('power is off'));
      coa.power(false);
      for (const one of phones.values()) one.vanish();
      sequence.clear();
      state.traffic.restart();
    },
    powerOn: () => {
      power = new AbortController();
      coa.power(true);
    },
    stop: () => (stopping ??= shutDown()),
  };
  return nas;
}
