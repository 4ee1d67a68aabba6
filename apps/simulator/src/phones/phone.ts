import { ATTR } from '@turnpike/radius/attributes.js';
import { integerAttr } from '@turnpike/radius/value-codec.js';
import { durationMs } from '../router/duration.js';
import { dhcpRanges, hotspotRuns, runningHotspots } from '../router/hotspot-state.js';
import type { Row } from '../router/table.js';
import { ClientSession, identityAttributes, TERMINATE } from './client-session.js';
import { type Grant, grantOf, NOTHING_GRANTED } from './grant.js';
import {
  chapAttributes,
  type Credentials,
  freeAddress,
  type LoginResult,
  type NasCore,
  poolAddressesTaken,
} from './nas-core.js';
import { dialPppoe } from './pppoe-client.js';
import { activeCounters, type Attachment, attachToHotspot, type OwnedRow } from './hotspot-rows.js';
import { appetite, parseRateLimit } from './session-counters.js';

const HOTSPOT_SESSIONS = 0x80000000;
const LOGIN_USER = 1;
const PORT_TYPES: Readonly<Record<string, number>> = { ethernet: 15, cable: 17, 'wireless-802.11': 19 };

export interface JoinResult {
  readonly joined: boolean;
  readonly address: string | undefined;
  readonly message: string;
}

/** What the control endpoint shows of a phone. */
export interface PhoneView {
  readonly mac: string;
  readonly status: 'away' | 'joined' | 'online';
  readonly online: boolean;
  /** Null while it has no address. */
  readonly ip: string | null;
  readonly username: string | undefined;
  readonly sessionId: string | undefined;
  readonly inputOctets: number;
  readonly outputOctets: number;
  readonly uptimeSeconds: number;
  readonly rateLimit: string | undefined;
  /** What the customer was told last: the Reply-Message, or the router's own words. */
  readonly replyMessage: string | null;
  /** Acct-Terminate-Cause of the last session. */
  readonly lastTerminateCause: number | undefined;
}

/** One device of a customer, near the simulated router. */
export class Phone {
  readonly mac: string;
  readonly #core: NasCore;
  #joined: Attachment | undefined;
  #session: ClientSession | undefined;
  #sessionRows: readonly OwnedRow[] = [];
  #lastMessage = '';
  #lastCause: number | undefined;
  #ended: (() => void)[] = [];

  constructor(mac: string, core: NasCore) {
    this.mac = mac;
    this.#core = core;
  }

  get status(): PhoneView['status'] {
    if (this.#session !== undefined) return 'online';
    return this.#joined === undefined ? 'away' : 'joined';
  }

  get online(): boolean {
    return this.#session !== undefined;
  }

  get address(): string | undefined {
    return this.#joined?.address ?? (this.#session?.identity.address || undefined);
  }

  get session(): ClientSession | undefined {
    return this.#session;
  }

  /** Joins the network of the first running hotspot: an address from its DHCP server, a row in `/ip/hotspot/host`. */
  join(): JoinResult {
    if (this.#joined !== undefined) return { joined: true, address: this.#joined.address, message: '' };
    const { state } = this.#core;
    const hotspot = runningHotspots(state)[0];
    if (hotspot === undefined) return this.#notJoined('no hotspot is running on this router');
    const on = hotspot.props['interface'] ?? '';
    const address = freeAddress(dhcpRanges(state, on), poolAddressesTaken(state));
    if (address === undefined) return this.#notJoined(`no address to be had on ${on}`);
    this.#joined = attachToHotspot(state, {
      mac: this.mac,
      hotspot,
      address,
      authorized: () => this.#session !== undefined,
    });
    return { joined: true, address, message: '' };
  }

  #notJoined(message: string): JoinResult {
    this.#lastMessage = message;
    return { joined: false, address: undefined, message };
  }

  /** Fills in the login page of the hotspot; joins first when need be. */
  async login(credentials: Credentials): Promise<LoginResult> {
    const joined = this.join();
    if (!joined.joined) return { online: false, message: joined.message };
    if (this.#session !== undefined) return { online: true, message: 'already logged in' };
    const result = await this.#authenticate(credentials);
    this.#lastMessage = result.message;
    return result;
  }

  async #authenticate(credentials: Credentials): Promise<LoginResult> {
    const { state, radius } = this.#core;
    const joined = this.#joined;
    const profile = state.byName('/ip/hotspot/profile', joined?.hotspot.props['profile'] ?? '')?.props;
    if (joined === undefined || profile === undefined) return { online: false, message: 'no hotspot' };
    const ways = (profile['login-by'] ?? '').split(',');
    const way = ways.find((one) => ['http-chap', 'http-pap', 'https'].includes(one));
    if (way === undefined) return { online: false, message: 'login method is not allowed' };
    const local = this.#localUser(credentials, way, profile);
    if (local !== undefined) return local;
    if (profile['use-radius'] !== 'true' || !radius.serves('hotspot')) {
      return { online: false, message: 'invalid username or password' };
    }
    const sessionId = this.#core.nextSessionId(HOTSPOT_SESSIONS);
    const attributes = this.#attributes(credentials.username, sessionId, profile);
    const chap = ways.includes('http-chap');
    const signal = this.#core.signal();
    const answer = await radius
      .ask({
        service: 'hotspot',
        attributes: [
          ...attributes,
          integerAttr(ATTR.SERVICE_TYPE, LOGIN_USER),
          ...(chap ? chapAttributes(credentials.password) : []),
        ],
        ...(chap ? {} : { password: Buffer.from(credentials.password, 'utf8') }),
        signal,
      })
      .catch(() => ({ kind: 'no-answer' as const }));
    if (answer.kind === 'no-answer') return { online: false, message: 'RADIUS server is not responding' };
    const reply = answer.packet.text(ATTR.REPLY_MESSAGE);
    if (answer.kind === 'reject') return { online: false, message: reply ?? 'invalid username or password' };
    if (this.#joined !== joined || signal.aborted) return { online: false, message: 'the network went away' };
    return this.#admit(credentials.username, sessionId, profile, grantOf(answer.packet), reply, chap);
  }

  #localUser(
    credentials: Credentials,
    way: string,
    profile: Readonly<Record<string, string>>,
  ): LoginResult | undefined {
    const user = this.#core.state.byName('/ip/hotspot/user', credentials.username);
    if (user === undefined || user.props['disabled'] === 'true') return undefined;
    if ((user.props['password'] ?? '') !== credentials.password) return undefined;
    this.#start(credentials.username, this.#core.nextSessionId(HOTSPOT_SESSIONS), profile, NOTHING_GRANTED, false, way);
    return { online: true, message: '' };
  }

  #attributes(
    username: string,
    sessionId: string,
    profile: Readonly<Record<string, string>>,
  ): ReturnType<typeof identityAttributes> {
    const hotspot = this.#joined?.hotspot.props ?? {};
    return identityAttributes({
      username,
      mac: this.mac,
      address: this.#joined?.address ?? '',
      sessionId,
      calledStation: hotspot['name'] ?? 'hotspot1',
      portId: hotspot['interface'] ?? 'bridge',
      portType: PORT_TYPES[profile['nas-port-type'] ?? ''] ?? 19,
      hotspot: true,
    });
  }

  #admit(
    username: string,
    sessionId: string,
    profile: Readonly<Record<string, string>>,
    grant: Grant,
    reply: string | undefined,
    chap: boolean,
  ): LoginResult {
    const { state, sessions } = this.#core;
    const userProfile = this.#userProfile(grant)?.props ?? {};
    const allowed = grant.portLimit ?? Number(userProfile['shared-users'] ?? '1');
    const others = [...sessions.values()].filter(
      (one) => one.identity.service === 'hotspot' && one.identity.username === username,
    ).length;
    if (userProfile['shared-users'] !== 'unlimited' && others >= allowed) {
      state.log('hotspot,info,debug', `${username} (${this.address ?? ''}): login failed: no more sessions allowed`);
      return { online: false, message: `no more sessions are allowed for user ${username}` };
    }
    this.#start(username, sessionId, profile, grant, true, chap ? 'http-chap' : 'http-pap');
    return { online: true, message: reply ?? '' };
  }

  #userProfile(grant: Grant): Row | undefined {
    const { state } = this.#core;
    return (
      state.byName('/ip/hotspot/user/profile', grant.group ?? 'default') ??
      state.byName('/ip/hotspot/user/profile', 'default')
    );
  }

  #start(
    username: string,
    sessionId: string,
    profile: Readonly<Record<string, string>>,
    grant: Grant,
    fromRadius: boolean,
    way: string,
  ): void {
    const { state, radius, sessions } = this.#core;
    const userProfile = this.#userProfile(grant)?.props ?? {};
    const interim = profile['radius-interim-update'] ?? 'received';
    const interimMs = interim === 'received' ? seconds(grant.interimSeconds) : durationMs(interim);
    const address = this.#joined?.address ?? '';
    const withRate = { ...grant, rateLimit: grant.rateLimit ?? userProfile['rate-limit'] };
    const session = new ClientSession({
      state,
      radius,
      grant: withRate,
      identity: {
        service: 'hotspot',
        username,
        mac: this.mac,
        address,
        sessionId,
        attributes: this.#attributes(username, sessionId, profile),
      },
      appetite: appetite(state.seed, this.mac),
      accounting: fromRadius && profile['radius-accounting'] !== 'false',
      interimMs: interimMs === 0 ? undefined : interimMs,
      idleMs: seconds(grant.idleTimeoutSeconds) ?? durationMs(userProfile['idle-timeout'] ?? 'none'),
      signal: this.#core.signal(),
      onEnd: (cause) => this.#onEnd(sessionId, cause),
    });
    sessions.set(sessionId, session);
    this.#session = session;
    this.#sessionRows = [this.#activeRow(session, fromRadius, way), ...this.#queueRow(session)];
    state.log('hotspot,info,debug', `${username} (${address}): logged in`);
  }

  #activeRow(session: ClientSession, fromRadius: boolean, way: string): OwnedRow {
    const { state } = this.#core;
    const path = '/ip/hotspot/active';
    const props = {
      server: this.#joined?.hotspot.props['name'] ?? '',
      user: session.identity.username,
      address: session.identity.address,
      'mac-address': this.mac,
      'login-by': way,
      radius: String(fromRadius),
    };
    const row = state.table(path).insert(props, { dynamic: true, live: () => activeCounters(session) });
    state.changed({ path, verb: 'add', row });
    return { path, id: row.id };
  }

  /** The router limits a user with a simple queue of his own. */
  #queueRow(session: ClientSession): OwnedRow[] {
    if (session.rateLimit === '') return [];
    const path = '/queue/simple';
    const props = {
      name: `<hotspot-${session.identity.username}>`,
      target: `${session.identity.address}/32`,
      disabled: 'false',
    };
    const live = (): Record<string, string> => {
      const { up, down } = parseRateLimit(session.rateLimit);
      return { 'max-limit': `${up}/${down}` };
    };
    const { state } = this.#core;
    const row = state.table(path).insert(props, { dynamic: true, live });
    state.changed({ path, verb: 'add', row });
    return [{ path, id: row.id }];
  }

  #dropRows(rows: readonly OwnedRow[]): void {
    const { state } = this.#core;
    for (const { path, id } of rows) {
      const row = state.table(path).remove(id);
      if (row !== undefined) state.changed({ path, verb: 'remove', row });
    }
  }

  #onEnd(sessionId: string, cause: number): void {
    this.#core.sessions.delete(sessionId);
    this.#session = undefined;
    this.#lastCause = cause;
    const rows = this.#sessionRows;
    this.#sessionRows = [];
    this.#dropRows(rows);
    for (const wake of this.#ended.splice(0)) wake();
  }

  /** Dials in over PPPoE instead of joining a hotspot. */
  async dial(credentials: Credentials): Promise<LoginResult> {
    if (this.#session !== undefined) return { online: true, message: 'already connected' };
    const result = await dialPppoe(this.#core, this.mac, credentials, (sessionId, cause) =>
      this.#onEnd(sessionId, cause),
    );
    if (result.session !== undefined) {
      this.#session = result.session;
      this.#sessionRows = result.rows;
    }
    this.#lastMessage = result.message;
    return { online: result.session !== undefined, message: result.message };
  }

  /** Presses "log off"; resolves when the Stop is acknowledged or given up. */
  async logout(): Promise<void> {
    await this.#session?.end(TERMINATE.USER_REQUEST);
  }

  /** Goes out of reach: the session ends as lost and the address is given back. */
  async leave(cause: number = TERMINATE.LOST_CARRIER): Promise<void> {
    const ending = this.#session?.end(cause);
    const rows = this.#joined?.rows ?? [];
    this.#joined = undefined;
    this.#dropRows(rows);
    await ending;
  }

  /** The power of the router failed: nobody says goodbye. */
  vanish(): void {
    this.#session?.vanish();
    const rows = this.#joined?.rows ?? [];
    this.#joined = undefined;
    this.#dropRows(rows);
  }

  /** Stops using the network, so that an idle timeout can come. */
  idle(): void {
    this.#session?.setBrowsing(false);
  }

  browse(): void {
    this.#session?.setBrowsing(true);
  }

  /** Resolves when the current session is over; at once when there is none. */
  async offline(): Promise<void> {
    if (this.#session === undefined) return;
    await new Promise<void>((resolve) => this.#ended.push(resolve));
  }

  /** Called after every change of the router's configuration or tables. */
  review(): void {
    const { state } = this.#core;
    const joined = this.#joined;
    const session = this.#session;
    if (session !== undefined && this.#sessionRows.some(({ path, id }) => state.table(path).byId(id) === undefined)) {
      void session.end(TERMINATE.ADMIN_RESET);
    }
    if (joined === undefined) return;
    const known = state.table('/ip/hotspot').byId(joined.hotspot.id);
    if (known === undefined || !hotspotRuns(state, known)) void this.leave(TERMINATE.LOST_SERVICE);
    else if (state.table('/ip/hotspot/host').byId(joined.hostId) === undefined) void this.leave(TERMINATE.ADMIN_RESET);
  }

  view(): PhoneView {
    const session = this.#session;
    const octets = session?.octets() ?? { up: 0, down: 0 };
    return {
      mac: this.mac,
      status: this.status,
      online: this.online,
      ip: this.address ?? null,
      username: session?.identity.username,
      sessionId: session?.identity.sessionId,
      inputOctets: octets.up,
      outputOctets: octets.down,
      uptimeSeconds: session?.uptimeSeconds() ?? 0,
      rateLimit: session?.rateLimit,
      replyMessage: this.#lastMessage === '' ? null : this.#lastMessage,
      lastTerminateCause: this.#lastCause,
    };
  }
}

const seconds = (value: number | undefined): number | undefined => (value === undefined ? undefined : value * 1000);
