import { ACCT_STATUS } from '@turnpike/radius/attributes.js';
import { macOf, usernameOf, type Customers } from './customers.js';

export interface AccountingPlanOptions {
  /** Begins every Acct-Session-Id: letters and digits, different for each run. */
  readonly run: string;
  readonly customers: Customers;
  /** Sessions at a time, one a customer; at most as many as there are customers. */
  readonly active: number;
  /** Packets of a session: a Start, interim updates, a Stop. At least 2. */
  readonly steps: number;
  /** How often the output counter of a session passes 2^32. */
  readonly wraps?: number;
}

/** What one packet says; the ledger has to say the same. */
export interface AccountingFacts {
  readonly acctSessionId: string;
  readonly kind: 'start' | 'interim' | 'stop';
  readonly status: number;
  readonly customer: number;
  readonly username: string;
  readonly mac: string;
  readonly framedIpAddress: string;
  readonly sessionSeconds: number;
  readonly inputOctets: bigint;
  readonly outputOctets: bigint;
  readonly terminateCause: number | null;
}

/** Twelve of them are less than the five minutes that clocks may differ by. */
const STEP_SECONDS = 20;
const USER_REQUEST = 1;
const STEP_OCTETS = 3_000_017n;
const GIGAWORD = 2n ** 32n;

/**
 * Which packets there are, by number: everything about packet `n` follows from `n`, so that nothing but the numbers of those
 * that were acknowledged has to be kept. Packet number = session * steps + step; counters of a session only grow.
 */
export class AccountingPlan {
  readonly options: AccountingPlanOptions;
  readonly #outputPerStep: bigint;

  constructor(options: AccountingPlanOptions) {
    this.options = options;
    const { wraps = 0, steps } = options;
    this.#outputPerStep = (GIGAWORD * BigInt(wraps * 2 + 1)) / 2n / BigInt(steps - 1) / (wraps === 0 ? 400n : 1n);
  }

  /** How many sessions the first `packets` packets of `numberOfTurn` touch. */
  sessionsOf(packets: number): number {
    const { active, steps } = this.options;
    const passes = Math.ceil(packets / active);
    return active * Math.ceil((passes + steps - 1) / steps);
  }

  /**
   * The packet sent as the `turn`-th: one of each active session in turn, at a different step each; where a session has
   * stopped, the customer's next one follows.
   */
  numberOfTurn(turn: number): number {
    const { active, steps } = this.options;
    const place = turn % active;
    const age = Math.floor(turn / active) + (place % steps);
    const session = Math.floor(age / steps) * active + place;
    return session * steps + (age % steps);
  }

  sessionOf(packet: number): number {
    return Math.floor(packet / this.options.steps);
  }

  customerOf(session: number): number {
    return session % this.options.active;
  }

  sessionIdOf(session: number): string {
    return `${this.options.run}-${session.toString(36)}`;
  }

  /** Session number of one of our Acct-Session-Ids. */
  parseSessionId(acctSessionId: string): number | undefined {
    const [run, session] = acctSessionId.split('-');
    if (run !== this.options.run || session === undefined) return undefined;
    const number = Number.parseInt(session, 36);
    return number.toString(36) === session ? number : undefined;
  }

  /** Packet of a session whose record has this Acct-Session-Time. */
  packetAt(session: number, sessionSeconds: number): number | undefined {
    const step = sessionSeconds / STEP_SECONDS;
    return Number.isInteger(step) && step >= 0 && step < this.options.steps
      ? session * this.options.steps + step
      : undefined;
  }

  factsOf(packet: number): AccountingFacts {
    const { steps, customers } = this.options;
    const session = this.sessionOf(packet);
    const step = packet % steps;
    const customer = this.customerOf(session);
    const kind = step === 0 ? 'start' : step === steps - 1 ? 'stop' : 'interim';
    const status = { start: ACCT_STATUS.START, interim: ACCT_STATUS.INTERIM_UPDATE, stop: ACCT_STATUS.STOP }[kind];
    return {
      acctSessionId: this.sessionIdOf(session),
      kind,
      status,
      customer,
      username: usernameOf(customers, customer),
      mac: macOf(customer),
      framedIpAddress: `10.${(customer >> 16) & 255}.${(customer >> 8) & 255}.${customer & 255}`,
      sessionSeconds: step * STEP_SECONDS,
      inputOctets: BigInt(step) * (STEP_OCTETS + BigInt(session % 9_973)),
      outputOctets: BigInt(step) * (this.#outputPerStep + BigInt(session % 10_007)),
      terminateCause: kind === 'stop' ? USER_REQUEST : null,
    };
  }
}
