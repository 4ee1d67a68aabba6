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
import { dialPppoe, type Dialling } from './pppoe-client.js';
import { type Attachment, attachToHotspot, insertActiveRow, insertQueueRow, type OwnedRow } from './hotspot-rows.js';
import { macAs } from './mac-as.js';
import { appetite } from './session-counters.js';

/** How long a person takes to fill in the login page again, ms. */
const AGAIN_MS = 500;
const HOTSPOT_SESSIONS = 0x80000000;
const LOGIN_USER = 1;
/** What a login page does with what is typed in. */
const PAGE_WAYS: readonly string[] = ['http-chap', 'http-pap', 'https'];
/** Ends that the person brought about. */
const OWN_CHOICE: readonly number[] = [TERMINATE.USER_REQUEST, TERMINATE.LOST_CARRIER];
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
  /** What it logs in with again by itself once the router has ended its session. */
  #again: Credentials | undefined;

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
    if (this.#ways().includes('mac')) void this.loginByMac();
    return { joined: true, address, message: '' };
  }

  #notJoined(message: string): JoinResult {
    this.#lastMessage = message;
    return { joined: false, address: undefined, message };
  }

  /**
   * Fills in the login page of the hotspot; joins first when need be. With `again` it does so by itself whenever the router
   * ends the session.
   */
  async login({ again = false, ...credentials }: Credentials & { readonly again?: boolean }): Promise<LoginResult> {
    this.#again = again ? credentials : undefined;
    const way = this.join().joined ? this.#ways().find((one) => PAGE_WAYS.includes(one)) : undefined;
    return this.#logIn(credentials, way);
  }

  /** What the router tries by itself for a device it sees, where the profile has login-by=mac: its address is the name. */
  async loginByMac(): Promise<LoginResult> {
    const way = this.join().joined ? this.#ways().find((one) => one === 'mac') : undefined;
    const profile = this.#profile();
    const username = macAs(profile['radius-mac-format'] ?? '', this.mac);
    const both = profile['mac-auth-mode'] === 'mac-as-username-and-password';
    return this.#logIn({ username, password: both ? username : (profile['mac-auth-password'] ?? '') }, way);
  }

  async #logIn(credentials: Credentials, way: string | undefined): Promise<LoginResult> {
    if (this.#joined === undefined) return { online: false, message: this.#lastMessage };
    if (this.#session !== undefined) return { online: true, message: 'already logged in' };
    const result = await this.#authenticate(credentials, way);
    this.#lastMessage = result.message;
    return result;
  }

  #profile(): Readonly<Record<string, string>> {
    const name = this.#joined?.hotspot.props['profile'] ?? '';
    return this.#core.state.byName('/ip/hotspot/profile', name)?.props ?? {};
  }

  #ways(): string[] {
    return (this.#profile()['login-by'] ?? '').split(',');
  }

  async #authenticate(credentials: Credentials, way: string | undefined): Promise<LoginResult> {
    const { radius } = this.#core;
    const joined = this.#joined;
    const profile = this.#profile();
    if (joined === undefined) return { online: false, message: 'no hotspot' };
    if (way === undefined) return { online: false, message: 'login method is not allowed' };
    const local = this.#localUser(credentials, way, profile);
    if (local !== undefined) return local;
    if (profile['use-radius'] !== 'true' || !radius.serves('hotspot')) {
      return { online: false, message: 'invalid username or password' };
    }
    const sessionId = this.#core.nextSessionId(HOTSPOT_SESSIONS);
    const attributes = this.#attributes(credentials.username, sessionId, profile);
    const chap = way !== 'mac' && this.#ways().includes('http-chap');
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
    if (this.#session !== undefined) return { online: true, message: 'already logged in' };
    const shown = way === 'mac' ? 'mac' : chap ? 'http-chap' : 'http-pap';
    return this.#admit(credentials.username, sessionId, profile, grantOf(answer.packet), reply, shown);
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
    way: string,
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
    this.#start(username, sessionId, profile, grant, true, way);
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
    const server = this.#joined?.hotspot.props['name'] ?? '';
    const queue = { name: `<hotspot-${username}>`, target: `${address}/32` };
    this.#sessionRows = [
      insertActiveRow(state, session, { server, way, fromRadius }),
      ...insertQueueRow(state, session, queue),
    ];
    state.log('hotspot,info,debug', `${username} (${address}): logged in`);
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
    if (OWN_CHOICE.includes(cause)) this.#again = undefined;
    if (this.#again !== undefined) this.#core.state.time.after(AGAIN_MS, () => this.#logInAgain());
  }

  #logInAgain(): void {
    const credentials = this.#again;
    if (credentials === undefined || this.#joined === undefined) return;
    void this.login({ ...credentials, again: true });
  }

  /** Dials in over PPPoE instead of joining a hotspot. */
  async dial(credentials: Dialling): Promise<LoginResult> {
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
