import type { Clock } from '@turnpike/core/clock.js';
import type { ApiRouter } from './api/api-connection.js';
import { startApiServer, type ApiServer } from './api/api-server.js';
import { Faults } from './api/faults.js';
import { makeSelfSigned } from './api/self-signed.js';
import { reserveNasAddress } from './phones/nas-address.js';
import { createNas, type Nas } from './phones/nas.js';
import type { Phone } from './phones/phone.js';
import { deviceModeFlags } from './router/device-mode.js';
import { watchDynamicRows } from './router/dynamic-rows.js';
import { makeFactoryNew } from './router/factory.js';
import { presentMenu, type Printed } from './router/present.js';
import { type DeviceMode, RouterState } from './router/router-state.js';
import { watchSideEffects } from './router/side-effects.js';
import { realTime, type SimTime } from './router/sim-time.js';
import { specialCommands } from './router/special-commands.js';
import { parseVersion } from './schema/version.js';

/** Sentences kept for tests to look at; a long-running fleet must not grow. */
const KEPT_SENTENCES = 20_000;

export interface SimulatedRouterOptions {
  /** RouterOS version, for example `6.49.17` or `7.22`. */
  readonly version: string;
  readonly name?: string;
  /** 0 (the default) takes any free port. */
  readonly apiPort?: number;
  readonly host?: string;
  /** Source of RADIUS requests and where CoA is served; a free 127.0.x.y by default. */
  readonly nasAddress?: string;
  /** `home` ships with the hotspot forbidden. Default `advanced`. */
  readonly deviceMode?: DeviceMode;
  readonly seed?: number;
  readonly username?: string;
  readonly password?: string;
  /** Also serve API-SSL with a certificate made at start. Default true. */
  readonly tls?: boolean;
  /** Ethernet ports in the factory bridge. Default `['ether2']`. */
  readonly bridgedPorts?: readonly string[];
  /** How long a reboot takes, ms. Default 2,000. */
  readonly rebootMs?: number;
  /** Sees the words of every sentence received, before it is carried out. */
  readonly record?: (words: string[]) => void;
  /** Steerable time in tests; a mere clock only changes what time it is, timers stay real. */
  readonly clock?: Clock | SimTime;
}

export interface RebootOptions {
  /** Ordered over the API: Accounting-Off goes out first. Default false, as when the power fails. */
  readonly clean?: boolean | undefined;
  /** Accounting-On goes out once it is back, where RADIUS is set up. Default true. */
  readonly announce?: boolean | undefined;
}

export interface SimulatedRouter {
  readonly name: string;
  readonly host: string;
  readonly apiPort: number;
  /** Undefined where API-SSL is off. */
  readonly tlsPort: number | undefined;
  /** SHA-256 of the API-SSL certificate, `AB:CD:..`. */
  readonly tlsFingerprint: string | undefined;
  readonly username: string;
  readonly password: string;
  readonly nasAddress: string;
  readonly version: string;
  readonly state: RouterState;
  readonly faults: Faults;
  /** How many add, set, remove, enable, disable, comment, move and unset sentences came in. */
  readonly writes: number;
  /** The latest sentences received. */
  readonly sentences: readonly (readonly string[])[];
  readonly phones: readonly Phone[];
  readonly nas: Nas;
  /** All rows of a menu as a user who may see everything prints them, dynamic ones too. */
  rows(path: string): Printed[];
  /** The phone with this MAC address, made when it is new; without one a new phone. */
  phone(mac?: string): Phone;
  /** Drops all sessions and phones and comes back after `rebootMs`; resolves when it is back. */
  reboot(how?: RebootOptions): Promise<void>;
  /** Confirms a pending `/system/device-mode/update`, which reboots. */
  pressModeButton(): Promise<void>;
  stop(): Promise<void>;
}

function isSimTime(clock: Clock | SimTime): clock is SimTime {
  return 'after' in clock;
}

function timeOf(clock: Clock | SimTime | undefined): SimTime {
  if (clock === undefined) return realTime();
  return isSimTime(clock) ? clock : realTime(clock);
}

/** What a running router counts. */
interface Traffic {
  writes: number;
  readonly sentences: string[][];
}

function recorder(options: SimulatedRouterOptions, traffic: Traffic): ApiRouter['onSentence'] {
  return (words, isWrite) => {
    if (isWrite) traffic.writes += 1;
    traffic.sentences.push([...words]);
    if (traffic.sentences.length > KEPT_SENTENCES) traffic.sentences.splice(0, KEPT_SENTENCES / 2);
    options.record?.([...words]);
  };
}

/** Everything of one router that is made before it listens. */
interface Parts {
  readonly state: RouterState;
  readonly nas: Nas;
  readonly password: string;
  readonly username: string;
  readonly name: string;
}

async function makeParts(options: SimulatedRouterOptions, time: SimTime, faults: Faults): Promise<Parts> {
  const name = options.name ?? 'MikroTik';
  const username = options.username ?? 'admin';
  const password = options.password ?? 'simulated';
  const state = new RouterState({
    version: parseVersion(options.version),
    time,
    seed: options.seed ?? 1,
    deviceMode: deviceModeFlags(options.deviceMode ?? 'advanced'),
  });
  makeFactoryNew(state, { username, password, identity: name, bridgedPorts: options.bridgedPorts ?? ['ether2'] });
  watchDynamicRows(state);
  watchSideEffects(state);
  const reserved = await reserveNasAddress(options.nasAddress, options.seed ?? 1);
  const nas = createNas({ state, faults, reserved });
  return { state, nas, password, username, name };
}

/** Turns a router off and on again: sessions end, phones lose their network, files in RAM are gone. */
function createReboot(
  parts: Parts,
  time: SimTime,
  rebootMs: number,
  servers: () => readonly ApiServer[],
): (how?: RebootOptions) => Promise<void> {
  return async ({ clean = false, announce = true } = {}) => {
    if (clean) await parts.nas.sayOff();
    for (const server of servers()) {
      server.refuse(true);
      server.dropAll('fatal');
    }
    parts.nas.powerOff();
    await new Promise<void>((resolve) => time.after(rebootMs, resolve));
    parts.state.bootedAtMs = time.monotonicMs();
    parts.state.table('/log').removeWhere(() => true);
    parts.nas.powerOn();
    if (announce) parts.nas.sayOn();
    for (const server of servers()) server.refuse(false);
    parts.state.log('system,info', 'router rebooted');
  };
}

/**
 * Starts one factory-new router that speaks the RouterOS API on `apiPort` and, from `nasAddress`, RADIUS.
 * Rejects with a plain sentence when a port or address is taken. Nothing is kept when it stops.
 */
export async function startSimulatedRouter(options: SimulatedRouterOptions): Promise<SimulatedRouter> {
  const time = timeOf(options.clock);
  const host = options.host ?? '127.0.0.1';
  const faults = new Faults();
  const traffic: Traffic = { writes: 0, sentences: [] };
  const parts = await makeParts(options, time, faults);
  const { state, nas } = parts;
  const servers: ApiServer[] = [];
  const reboot = createReboot(parts, time, options.rebootMs ?? 2000, () => servers);
  let wantedMode: Record<string, string> | undefined;
  const commands = specialCommands({
    boardName: options.deviceMode === 'home' ? 'hAP ax^2' : 'RB5009UG+S+',
    reboot: () => void setImmediate(() => void reboot({ clean: true })),
    radiusCounters: (id) => nas.counters(id),
    incomingCounters: () => nas.incomingCounters(),
    resetRadiusCounters: () => nas.resetCounters(),
    requestDeviceMode: (flags) => {
      wantedMode = flags;
    },
    hotspotLogin: (args) => nas.loginByAddress(args),
  });
  const router: ApiRouter = { state, faults, commands, onSentence: recorder(options, traffic) };
  const tls = options.tls === false ? undefined : makeSelfSigned(parts.name, new Date());
  try {
    servers.push(await startApiServer(router, { host, port: options.apiPort ?? 0 }));
    if (tls !== undefined) servers.push(await startApiServer(router, { host, port: 0, tls }));
  } catch (error) {
    await Promise.all([nas.stop(), ...servers.map((server) => server.stop())]);
    throw error;
  }
  return {
    name: parts.name,
    host,
    apiPort: servers[0]?.port ?? 0,
    tlsPort: servers[1]?.port,
    tlsFingerprint: tls?.fingerprint256,
    username: parts.username,
    password: parts.password,
    nasAddress: nas.address,
    version: options.version,
    state,
    faults,
    get writes() {
      return traffic.writes;
    },
    get sentences() {
      return traffic.sentences;
    },
    get phones() {
      return nas.phones();
    },
    nas,
    rows: (path) => presentMenu(state, path),
    phone: (mac) => nas.phone(mac),
    reboot,
    pressModeButton: async () => {
      Object.assign(state.deviceMode, wantedMode ?? {});
      wantedMode = undefined;
      state.changed({ path: '/system/device-mode', verb: 'set', row: undefined });
      await reboot();
    },
    stop: async () => {
      await nas.stop();
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}
