import { createHash } from 'node:crypto';

/** Bits per second, as the router sees them: `up` comes in from the client, `down` goes out to it. */
export interface Rates {
  readonly up: number;
  readonly down: number;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9 };

function bits(text: string): number {
  const parts = /^(\d+)([kKMG]?)$/.exec(text);
  return parts === null ? 0 : Number(parts[1]) * (UNITS[parts[2] ?? ''] ?? 1);
}

/** `rx/tx ...` of a Mikrotik-Rate-Limit: rx is what the client sends. 0 is no limit. Bursts are ignored. */
export function parseRateLimit(text: string | undefined): Rates {
  const [first = ''] = (text ?? '').trim().split(/\s+/);
  const [up = '', down = up] = first.split('/');
  return { up: bits(up), down: bits(down) };
}

/** How much this phone would use if nothing held it back; the same for the same seed and MAC address. */
export function appetite(seed: number, mac: string): Rates {
  const digest = createHash('sha256').update(`${seed}/appetite/${mac}`).digest();
  const down = 400_000 + digest.readUInt16BE(0) * 40;
  return { down, up: Math.floor(down / (6 + (digest[2] ?? 0) / 64)) };
}

const capped = (wanted: number, limit: number): number => (limit > 0 ? Math.min(wanted, limit) : wanted);

/** Octets of one session, growing with time at the phone's appetite within the rate limit. */
export class SessionCounters {
  readonly #appetite: Rates;
  #limit: Rates;
  #browsing = true;
  #settledMs: number;
  #up = 0;
  #down = 0;

  constructor(wanted: Rates, limit: Rates, nowMs: number) {
    this.#appetite = wanted;
    this.#limit = limit;
    this.#settledMs = nowMs;
  }

  get browsing(): boolean {
    return this.#browsing;
  }

  /** Current rates; 0 while nothing is being used. */
  rates(): Rates {
    if (!this.#browsing) return { up: 0, down: 0 };
    return { up: capped(this.#appetite.up, this.#limit.up), down: capped(this.#appetite.down, this.#limit.down) };
  }

  octets(nowMs: number): { readonly up: number; readonly down: number } {
    const seconds = Math.max(0, nowMs - this.#settledMs) / 1000;
    const { up, down } = this.rates();
    return { up: Math.floor(this.#up + (up * seconds) / 8), down: Math.floor(this.#down + (down * seconds) / 8) };
  }

  setLimit(limit: Rates, nowMs: number): void {
    this.#settle(nowMs);
    this.#limit = limit;
  }

  setBrowsing(browsing: boolean, nowMs: number): void {
    this.#settle(nowMs);
    this.#browsing = browsing;
  }

  /** Traffic all at once, beside what time brings. */
  add(up: number, down: number, nowMs: number): void {
    this.#settle(nowMs);
    this.#up += up;
    this.#down += down;
  }

  #settle(nowMs: number): void {
    const { up, down } = this.octets(nowMs);
    this.#up = up;
    this.#down = down;
    this.#settledMs = nowMs;
  }
}
