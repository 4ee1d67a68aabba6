import { randomBytes } from 'node:crypto';
import { ACCT_STATUS, ATTR, CODE, type Attribute } from '@turnpike/radius/attributes.js';
import type { RadiusPacket } from '@turnpike/radius/packet.js';
import { createRadiusClient, type ExchangeOutcome, type RadiusClient } from '@turnpike/radius/udp-client.js';
import { integerAttr, ipv4Attr, textAttr } from '@turnpike/radius/value-codec.js';
import type { Faults } from '../api/faults.js';
import { durationMs } from '../router/duration.js';
import type { RouterState } from '../router/router-state.js';
import type { Row } from '../router/table.js';
import { atLeast } from '../schema/version.js';

export type RadiusService = 'hotspot' | 'ppp';

/** RouterOS sends a request this often before it asks the next server. */
const TRIES = 3;
/** How long an unanswered accounting record rests before it is sent again, ms. */
const ACCOUNTING_REST_MS = 3000;

export interface AccessQuestion {
  readonly service: RadiusService;
  readonly attributes: readonly Attribute[];
  /** PAP: hidden with the secret of the server asked. */
  readonly password?: Buffer;
  readonly signal: AbortSignal;
}

/** What the server accepted, to check what it sent back against. */
export interface Accepted {
  readonly kind: 'accept';
  readonly packet: RadiusPacket;
  /** Of the request, with the secret it was made with. */
  readonly authenticator: Buffer;
  readonly secret: Buffer;
}

export type AccessAnswer =
  Accepted | { readonly kind: 'reject'; readonly packet: RadiusPacket } | { readonly kind: 'no-answer' };

interface Counters {
  requests: number;
  accepts: number;
  rejects: number;
  resends: number;
  timeouts: number;
  badReplies: number;
  pending: number;
  lastRttMs: number;
}

const noCounters = (): Counters => ({
  requests: 0,
  accepts: 0,
  rejects: 0,
  resends: 0,
  timeouts: 0,
  badReplies: 0,
  pending: 0,
  lastRttMs: 0,
});

/** The RADIUS client of one router: asks the rows of `/radius` in their order. */
export class NasRadius {
  readonly #state: RouterState;
  readonly #faults: Faults;
  readonly #address: string;
  readonly #client: RadiusClient;
  readonly #counters = new Map<string, Counters>();
  #accounted = false;

  constructor(state: RouterState, faults: Faults, address: string) {
    this.#state = state;
    this.#faults = faults;
    this.#address = address;
    const clock = { now: () => new Date(), monotonicMs: () => performance.now() };
    this.#client = createRadiusClient({ localAddress: address, clock, maxSockets: 64 });
  }

  /** Some server has acknowledged a record, so it will want to know when the router goes down. */
  get accounted(): boolean {
    return this.#accounted;
  }

  /** True when some enabled row serves this. */
  serves(service: RadiusService): boolean {
    return this.#rows(service).length > 0;
  }

  counters(id: string): Record<string, string> {
    const counters = this.#of(id);
    return {
      pending: String(counters.pending),
      requests: String(counters.requests),
      accepts: String(counters.accepts),
      rejects: String(counters.rejects),
      resends: String(counters.resends),
      timeouts: String(counters.timeouts),
      'bad-replies': String(counters.badReplies),
      'last-request-rtt': `${Math.round(counters.lastRttMs)}ms`,
    };
  }

  resetCounters(): void {
    this.#counters.clear();
  }

  /** Asks until a server accepts or rejects; `no-answer` when none could be trusted or none answered. */
  async ask(question: AccessQuestion): Promise<AccessAnswer> {
    for (const row of this.#rows(question.service)) {
      const authenticator = randomBytes(16);
      const options = { ...question, authenticator };
      const outcome = await this.#exchange(row, CODE.ACCESS_REQUEST, question.attributes, options);
      if (outcome.kind !== 'reply') continue;
      const { packet } = outcome;
      if (packet.code === CODE.ACCESS_ACCEPT) return { kind: 'accept', packet, authenticator, secret: secretOf(row) };
      return { kind: 'reject', packet };
    }
    return { kind: 'no-answer' };
  }

  /**
   * Sends an accounting record until a server acknowledges it; rejects only when aborted.
   * `attributes` is asked again for each round, as Acct-Delay-Time grows.
   */
  async account(service: RadiusService, attributes: () => readonly Attribute[], signal: AbortSignal): Promise<void> {
    for (;;) {
      for (const row of this.#rows(service)) {
        const outcome = await this.#exchange(row, CODE.ACCOUNTING_REQUEST, attributes(), { signal });
        if (outcome.kind === 'reply') {
          this.#accounted = true;
          return;
        }
      }
      await this.#rest(ACCOUNTING_REST_MS, signal);
    }
  }

  /** Tells the servers that nothing of before runs any more (RFC 2866 5.1); where no server is set up, nobody. */
  async announce(status: 'on' | 'off', signal: AbortSignal): Promise<void> {
    const service = (['hotspot', 'ppp'] as const).find((one) => this.serves(one));
    if (service === undefined) return;
    const happenedMs = this.#state.time.monotonicMs();
    const at = Math.floor(this.#state.time.now().getTime() / 1000);
    const record = (): Attribute[] => [
      integerAttr(ATTR.ACCT_STATUS_TYPE, status === 'on' ? ACCT_STATUS.ACCOUNTING_ON : ACCT_STATUS.ACCOUNTING_OFF),
      textAttr(ATTR.ACCT_SESSION_ID, '00000000'),
      integerAttr(ATTR.EVENT_TIMESTAMP, at),
      integerAttr(ATTR.ACCT_DELAY_TIME, Math.floor((this.#state.time.monotonicMs() - happenedMs) / 1000)),
    ];
    await this.account(service, record, signal);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #rows(service: RadiusService): Row[] {
    return this.#state
      .table('/radius')
      .rows.filter(
        (row) =>
          row.props['disabled'] !== 'true' &&
          (row.props['service'] ?? '').split(',').includes(service) &&
          row.props['address'] !== '0.0.0.0',
      );
  }

  async #exchange(
    row: Row,
    code: number,
    attributes: readonly Attribute[],
    options: { password?: Buffer; authenticator?: Buffer; signal: AbortSignal },
  ): Promise<ExchangeOutcome> {
    const counters = this.#of(row.id);
    counters.requests += 1;
    counters.pending += 1;
    try {
      const outcome = await this.#client.exchange({
        host: this.#faults.settings.radiusSilent ? this.#address : (row.props['address'] ?? ''),
        port: this.#port(row, code),
        secret: secretOf(row),
        code,
        attributes: [...attributes, ...this.#nasAttributes(row)],
        ...(options.password === undefined ? {} : { password: options.password }),
        ...(options.authenticator === undefined ? {} : { authenticator: options.authenticator }),
        messageAuthenticator: code === CODE.ACCESS_REQUEST && this.#signs(row),
        unsignedAllowed: !this.#signs(row),
        timeoutMs: durationMs(row.props['timeout'] ?? '300ms') ?? 300,
        tries: TRIES,
        signal: options.signal,
      });
      count(counters, outcome);
      return outcome;
    } finally {
      counters.pending -= 1;
    }
  }

  #port(row: Row, code: number): number {
    if (this.#faults.settings.radiusSilent) return 9;
    return Number(code === CODE.ACCESS_REQUEST ? row.props['authentication-port'] : row.props['accounting-port']);
  }

  /** From 7.15 on requests are signed and unsigned replies are dropped, unless switched off. */
  #signs(row: Row): boolean {
    return atLeast(this.#state.version, '7.15') && row.props['require-message-auth'] !== 'no';
  }

  #nasAttributes(row: Row): Attribute[] {
    const source = row.props['src-address'] ?? '0.0.0.0';
    return [
      textAttr(ATTR.NAS_IDENTIFIER, this.#state.settings('/system/identity')['name'] ?? 'MikroTik'),
      ipv4Attr(ATTR.NAS_IP_ADDRESS, source === '0.0.0.0' ? this.#address : source),
    ];
  }

  #rest(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        cancel();
        reject(new Error('the router was switched off'));
      };
      const cancel = this.#state.time.after(ms, () => {
        signal.removeEventListener('abort', stop);
        resolve();
      });
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
  }

  #of(id: string): Counters {
    const known = this.#counters.get(id) ?? noCounters();
    this.#counters.set(id, known);
    return known;
  }
}

function secretOf(row: Row): Buffer {
  return Buffer.from(row.props['secret'] ?? '', 'utf8');
}

function count(counters: Counters, outcome: ExchangeOutcome): void {
  if (outcome.kind === 'timeout') {
    counters.timeouts += 1;
    counters.resends += TRIES - 1;
    return;
  }
  if (outcome.kind === 'bad-reply') {
    counters.badReplies += 1;
    counters.resends += TRIES - 1;
    return;
  }
  counters.resends += outcome.transmissions - 1;
  counters.lastRttMs = outcome.rttMs;
  if (outcome.packet.code === CODE.ACCESS_ACCEPT) counters.accepts += 1;
  if (outcome.packet.code === CODE.ACCESS_REJECT) counters.rejects += 1;
}
