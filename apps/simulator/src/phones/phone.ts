import { dhcpRanges, hotspotRuns, runningHotspots } from '../router/hotspot-state.js';
import { type ClientSession, TERMINATE } from './client-session.js';
import { hotspotProfile, logInToHotspot, loginWays } from './hotspot-login.js';
import { type Credentials, freeAddress, type LoginResult, type NasCore, poolAddressesTaken } from './nas-core.js';
import { dialPppoe, type Dialling } from './pppoe-client.js';
import { type Attachment, attachToHotspot, type OwnedRow } from './hotspot-rows.js';
import { macAs } from './mac-as.js';

/** How long a person takes to fill in the login page again, ms. */
const AGAIN_MS = 500;
/** What a login page does with what is typed in. */
const PAGE_WAYS: readonly string[] = ['http-chap', 'http-pap', 'https'];
/** Ends that the person brought about. */
const OWN_CHOICE: readonly number[] = [TERMINATE.USER_REQUEST, TERMINATE.LOST_CARRIER];

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
    const profile = hotspotProfile(this.#core, this.#joined);
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

  #ways(): string[] {
    return loginWays(hotspotProfile(this.#core, this.#joined));
  }

  async #authenticate(credentials: Credentials, way: string | undefined): Promise<LoginResult> {
    const joined = this.#joined;
    if (joined === undefined) return { online: false, message: 'no hotspot' };
    if (way === undefined) return { online: false, message: 'login method is not allowed' };
    const device = {
      mac: this.mac,
      joined,
      isStillThere: () => this.#joined === joined,
      isOnline: () => this.online,
      started: (session: ClientSession, rows: () => readonly OwnedRow[]) => {
        this.#session = session;
        this.#sessionRows = rows();
      },
      ended: (sessionId: string, cause: number) => this.#onEnd(sessionId, cause),
    };
    return logInToHotspot(this.#core, device, credentials, way);
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
