import { ACCT_STATUS, ATTR, MIKROTIK, VENDOR, type Attribute } from '@turnpike/radius/attributes.js';
import { bytesAttr, integerAttr, ipv4Attr, textAttr, vendorIpv4Attr } from '@turnpike/radius/value-codec.js';
import type { RouterState } from '../router/router-state.js';
import type { Grant } from './grant.js';
import type { NasRadius, RadiusService } from './nas-radius.js';
import { parseRateLimit, type Rates, SessionCounters } from './session-counters.js';

/** Acct-Terminate-Cause (RFC 2866 5.10). */
export const TERMINATE = {
  USER_REQUEST: 1,
  LOST_CARRIER: 2,
  LOST_SERVICE: 3,
  IDLE_TIMEOUT: 4,
  SESSION_TIMEOUT: 5,
  ADMIN_RESET: 6,
  NAS_REQUEST: 10,
  NAS_REBOOT: 11,
} as const;

const GIGAWORD = 2 ** 32;
const AVERAGE_PACKET = 900;

/** Who is online, and the attributes that name the session in every packet. */
export interface SessionIdentity {
  readonly service: RadiusService;
  readonly username: string;
  readonly mac: string;
  readonly address: string;
  readonly sessionId: string;
  /** Calling-Station-Id, NAS-Port .. as sent in the Access-Request. */
  readonly attributes: readonly Attribute[];
}

export interface SessionOptions {
  readonly state: RouterState;
  readonly radius: NasRadius;
  readonly identity: SessionIdentity;
  readonly grant: Grant;
  readonly appetite: Rates;
  /** False for local users and where accounting is switched off. */
  readonly accounting: boolean;
  readonly interimMs: number | undefined;
  readonly idleMs: number | undefined;
  readonly signal: AbortSignal;
  /** Called once, when the session is over. */
  readonly onEnd: (cause: number) => void;
}

/** One online client: counts, reports and ends by itself when a limit is reached. */
export class ClientSession {
  readonly identity: SessionIdentity;
  readonly #options: SessionOptions;
  readonly #counters: SessionCounters;
  readonly #startedMs: number;
  #grant: Grant;
  #expiresMs: number | undefined;
  #nextInterimMs: number | undefined;
  #idleSinceMs: number | undefined;
  #cancelTimer: () => void = () => undefined;
  #over = false;
  /** Records go out one after the other; an interim that waits is replaced by the next one. */
  #sending: Promise<void> = Promise.resolve();
  #interimWaiting = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.identity = options.identity;
    this.#grant = options.grant;
    const now = this.#nowMs();
    this.#startedMs = now;
    this.#counters = new SessionCounters(options.appetite, parseRateLimit(options.grant.rateLimit), now);
    this.#expiresMs = expiry(now, options.grant.sessionTimeoutSeconds);
    this.#nextInterimMs = options.interimMs === undefined ? undefined : now + options.interimMs;
    options.state.traffic.begin(this, interfaceOf(options.state, options.identity.service));
    this.#report(ACCT_STATUS.START, []);
    this.#schedule();
  }

  get over(): boolean {
    return this.#over;
  }

  get rateLimit(): string {
    return this.#grant.rateLimit ?? '';
  }

  octets(): { readonly up: number; readonly down: number } {
    return this.#counters.octets(this.#nowMs());
  }

  rates(): Rates {
    return this.#counters.rates();
  }

  uptimeSeconds(): number {
    return Math.floor((this.#nowMs() - this.#startedMs) / 1000);
  }

  secondsLeft(): number | undefined {
    return this.#expiresMs === undefined ? undefined : Math.ceil((this.#expiresMs - this.#nowMs()) / 1000);
  }

  get totalLimit(): number | undefined {
    return this.#grant.totalLimitOctets;
  }

  get idleMs(): number | undefined {
    return this.#options.idleMs;
  }

  /** Traffic all at once. */
  transfer(octets: { readonly up: number; readonly down: number }): void {
    this.#counters.add(octets.up, octets.down, this.#nowMs());
    if (this.#idleSinceMs !== undefined) this.#idleSinceMs = this.#nowMs();
    this.#check();
  }

  /** Reports what it has moved now, not only when the next report is due. Resolves when that is acknowledged or given up. */
  report(): Promise<void> {
    if (!this.#over) this.#report(ACCT_STATUS.INTERIM_UPDATE, []);
    return this.#sending;
  }

  setBrowsing(browsing: boolean): void {
    this.#counters.setBrowsing(browsing, this.#nowMs());
    this.#idleSinceMs = browsing ? undefined : this.#nowMs();
    this.#schedule();
  }

  /** Applies a CoA-Request. Session-Timeout is a limit on the uptime of the session, whenever it is told. */
  change(grant: Grant): void {
    const now = this.#nowMs();
    const given = Object.fromEntries(Object.entries(grant).filter(([, value]) => value !== undefined));
    this.#grant = { ...this.#grant, ...given, classes: this.#grant.classes };
    if (grant.rateLimit !== undefined) this.#counters.setLimit(parseRateLimit(grant.rateLimit), now);
    if (grant.sessionTimeoutSeconds !== undefined) {
      this.#expiresMs = expiry(this.#startedMs, grant.sessionTimeoutSeconds);
    }
    this.#check();
  }

  /** Ends the session and reports it; again has no effect. Resolves when the Stop is acknowledged or given up. */
  end(cause: number): Promise<void> {
    if (this.#over) return this.#sending;
    this.#stopClock();
    this.#report(ACCT_STATUS.STOP, [integerAttr(ATTR.ACCT_TERMINATE_CAUSE, cause)]);
    this.#options.onEnd(cause);
    return this.#sending;
  }

  /** Ends without a word to anybody, as when the power fails. */
  vanish(): void {
    if (this.#over) return;
    this.#stopClock();
    this.#options.onEnd(TERMINATE.NAS_REBOOT);
  }

  #stopClock(): void {
    this.#over = true;
    this.#cancelTimer();
    this.#counters.setBrowsing(false, this.#nowMs());
    this.#options.state.traffic.end(this);
  }

  #nowMs(): number {
    return this.#options.state.time.monotonicMs();
  }

  /** Seconds until the traffic limits are reached at the current rates. */
  #trafficDueMs(): number | undefined {
    const { up, down } = this.octets();
    const rates = this.#counters.rates();
    const dues = [
      due(this.#grant.totalLimitOctets, up + down, rates.up + rates.down),
      due(this.#grant.recvLimitOctets, up, rates.up),
      due(this.#grant.xmitLimitOctets, down, rates.down),
    ].filter((ms) => ms !== undefined);
    return dues.length === 0 ? undefined : this.#nowMs() + Math.min(...dues);
  }

  #idleDueMs(): number | undefined {
    const idle = this.#options.idleMs;
    return this.#idleSinceMs === undefined || idle === undefined ? undefined : this.#idleSinceMs + idle;
  }

  #schedule(): void {
    this.#cancelTimer();
    if (this.#over) return;
    const dues = [this.#expiresMs, this.#nextInterimMs, this.#idleDueMs(), this.#trafficDueMs()];
    const next = Math.min(...dues.filter((ms) => ms !== undefined));
    if (Number.isFinite(next)) {
      this.#cancelTimer = this.#options.state.time.after(Math.max(0, next - this.#nowMs()), () => this.#check());
    }
  }

  #check(): void {
    if (this.#over) return;
    const now = this.#nowMs();
    const reached = (ms: number | undefined): boolean => ms !== undefined && ms <= now + 1;
    if (reached(this.#expiresMs)) return void this.end(TERMINATE.SESSION_TIMEOUT);
    if (reached(this.#trafficDueMs())) return void this.end(TERMINATE.NAS_REQUEST);
    if (reached(this.#idleDueMs())) return void this.end(TERMINATE.IDLE_TIMEOUT);
    if (reached(this.#nextInterimMs)) {
      this.#nextInterimMs = now + (this.#options.interimMs ?? 0);
      this.#report(ACCT_STATUS.INTERIM_UPDATE, []);
    }
    this.#schedule();
  }

  #report(status: number, more: readonly Attribute[]): void {
    const { radius, accounting, identity, signal } = this.#options;
    if (!accounting) return;
    const interim = status === ACCT_STATUS.INTERIM_UPDATE;
    if (interim && this.#interimWaiting) return;
    this.#interimWaiting ||= interim;
    const happenedMs = this.#nowMs();
    const at = this.#options.state.time.now();
    // An interim says what is true when it is sent; Start and Stop say what was true then.
    const frozen = interim ? undefined : this.#record(status, more, at);
    this.#sending = this.#sending.then(async () => {
      if (interim) this.#interimWaiting = false;
      if (interim && this.#over) return;
      const record = frozen ?? this.#record(status, more, this.#options.state.time.now());
      const delay = (): number => (interim ? 0 : Math.floor((this.#nowMs() - happenedMs) / 1000));
      await radius
        .account(identity.service, () => [...record, integerAttr(ATTR.ACCT_DELAY_TIME, delay())], signal)
        .catch(() => undefined);
    });
  }

  #record(status: number, more: readonly Attribute[], at: Date): Attribute[] {
    const { identity } = this;
    const { up, down } = this.octets();
    const counters =
      status === ACCT_STATUS.START
        ? []
        : [
            integerAttr(ATTR.ACCT_INPUT_OCTETS, up % GIGAWORD),
            integerAttr(ATTR.ACCT_INPUT_GIGAWORDS, Math.floor(up / GIGAWORD)),
            integerAttr(ATTR.ACCT_INPUT_PACKETS, Math.ceil(up / AVERAGE_PACKET) % GIGAWORD),
            integerAttr(ATTR.ACCT_OUTPUT_OCTETS, down % GIGAWORD),
            integerAttr(ATTR.ACCT_OUTPUT_GIGAWORDS, Math.floor(down / GIGAWORD)),
            integerAttr(ATTR.ACCT_OUTPUT_PACKETS, Math.ceil(down / AVERAGE_PACKET) % GIGAWORD),
            integerAttr(ATTR.ACCT_SESSION_TIME, this.uptimeSeconds()),
          ];
    return [
      integerAttr(ATTR.ACCT_STATUS_TYPE, status),
      ...identity.attributes,
      ...this.#grant.classes.map((value) => bytesAttr(ATTR.CLASS, value)),
      integerAttr(ATTR.EVENT_TIMESTAMP, Math.floor(at.getTime() / 1000)),
      integerAttr(ATTR.ACCT_AUTHENTIC, 1),
      ...counters,
      ...more,
    ];
  }
}

/** Where the clients of a service come in. */
function interfaceOf(state: RouterState, service: RadiusService): string {
  const servers = state.rows(service === 'hotspot' ? '/ip/hotspot' : '/interface/pppoe-server/server');
  return servers.find((row) => row.props['disabled'] !== 'true')?.props['interface'] ?? '';
}

function expiry(nowMs: number, seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : nowMs + seconds * 1000;
}

function due(limit: number | undefined, used: number, bitsPerSecond: number): number | undefined {
  if (limit === undefined) return undefined;
  if (used >= limit) return 0;
  return bitsPerSecond === 0 ? undefined : Math.ceil(((limit - used) * 8000) / bitsPerSecond);
}

/** Attributes that name a client in Access-Request and accounting alike. */
export function identityAttributes(input: {
  readonly username: string;
  readonly mac: string;
  readonly address: string;
  readonly sessionId: string;
  readonly calledStation: string;
  readonly portId: string;
  readonly portType: number;
  readonly hotspot: boolean;
}): Attribute[] {
  const framed = input.address === '' ? [] : [ipv4Attr(ATTR.FRAMED_IP_ADDRESS, input.address)];
  const host =
    input.hotspot && input.address !== '' ? [vendorIpv4Attr(VENDOR.MIKROTIK, MIKROTIK.HOST_IP, input.address)] : [];
  return [
    integerAttr(ATTR.NAS_PORT_TYPE, input.portType),
    textAttr(ATTR.CALLING_STATION_ID, input.mac),
    textAttr(ATTR.CALLED_STATION_ID, input.calledStation),
    textAttr(ATTR.NAS_PORT_ID, input.portId),
    textAttr(ATTR.USER_NAME, input.username),
    integerAttr(ATTR.NAS_PORT, Number.parseInt(input.sessionId, 16)),
    textAttr(ATTR.ACCT_SESSION_ID, input.sessionId),
    ...framed,
    ...host,
  ];
}
