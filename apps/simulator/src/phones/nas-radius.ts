import { ATTR, CODE, type Attribute } from '@turnpike/radius/attributes.js';
import type { RadiusPacket } from '@turnpike/radius/packet.js';
import { createRadiusClient, type ExchangeOutcome, type RadiusClient } from '@turnpike/radius/udp-client.js';
import { ipv4Attr, textAttr } from '@turnpike/radius/value-codec.js';
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

export type AccessAnswer =
  { readonly kind: 'accept' | 'reject'; readonly packet: RadiusPacket } | { readonly kind: 'no-answer' };

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

  constructor(state: RouterState, faults: Faults, address: string) {
    this.#state = state;
    this.#faults = faults;
    this.#address = address;
    const clock = { now: () => new Date(), monotonicMs: () => performance.now() };
    this.#client = createRadiusClient({ localAddress: address, clock, maxSockets: 64 });
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
      const outcome = await this.#exchange(row, CODE.ACCESS_REQUEST, question.attributes, question);
      if (outcome.kind !== 'reply') continue;
      if (outcome.packet.code === CODE.ACCESS_ACCEPT) return { kind: 'accept', packet: outcome.packet };
      return { kind: 'reject', packet: outcome.packet };
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
        if (outcome.kind === 'reply') return;
      }
      await this.#rest(ACCOUNTING_REST_MS, signal);
    }
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
    options: { password?: Buffer; signal: AbortSignal },
  ): Promise<ExchangeOutcome> {
    const counters = this.#of(row.id);
    counters.requests += 1;
    counters.pending += 1;
    try {
      const outcome = await this.#client.exchange({
        host: this.#faults.settings.radiusSilent ? this.#address : (row.props['address'] ?? ''),
        port: this.#port(row, code),
        secret: Buffer.from(row.props['secret'] ?? '', 'utf8'),
        code,
        attributes: [...attributes, ...this.#nasAttributes(row)],
        ...(options.password === undefined ? {} : { password: options.password }),
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
