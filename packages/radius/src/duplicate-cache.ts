import type { RadiusPacket } from './packet.js';

export interface DuplicateCacheOptions {
  /** How long a request is remembered, in ms from its arrival. RFC 5080 2.2.2 asks for 5 s to 30 s. Default 30,000. */
  readonly keepMs?: number;
  /** Most requests remembered; beyond it the older half goes early. Default 131,072. */
  readonly maxEntries?: number;
}

export interface RequestSource {
  readonly address: string;
  readonly port: number;
}

/** One request being worked on; tell it the outcome. Both calls do nothing once another request took its slot. */
export interface Ticket {
  /** Copies that come later get these bytes. */
  answered(reply: Buffer): void;
  /** Forgets the request, so that a retransmission is worked on afresh. */
  unanswered(): void;
}

export type Sighting =
  | { readonly kind: 'new'; readonly ticket: Ticket }
  | { readonly kind: 'in-work' }
  | { readonly kind: 'answered'; readonly reply: Buffer };

export interface DuplicateCache {
  /** `nowMs` is monotonic and never smaller than in an earlier call. */
  see(source: RequestSource, packet: RadiusPacket, nowMs: number): Sighting;
  readonly size: number;
}

interface Entry {
  readonly authenticator: string;
  readonly expiresAtMs: number;
  reply: Buffer | undefined;
}

const IN_WORK: Sighting = { kind: 'in-work' };

/**
 * Detects retransmissions (RFC 5080 2.2.2): same source address and port, code, identifier and authenticator. A slot
 * (all but the authenticator) holds one request: a new authenticator means the NAS gave the old one up. Give it
 * verified packets only. Every call is O(1): entries live in two generations and the elder is dropped whole.
 */
export function createDuplicateCache(options: DuplicateCacheOptions = {}): DuplicateCache {
  const { keepMs = 30_000, maxEntries = 131_072 } = options;
  let young = new Map<string, Entry>();
  let old = new Map<string, Entry>();
  let youngSinceMs = -Infinity;

  function turnGeneration(nowMs: number): void {
    if (nowMs - youngSinceMs < keepMs && young.size < maxEntries / 2) return;
    old = young;
    young = new Map();
    youngSinceMs = nowMs;
  }

  function remember(slot: string, entry: Entry): Ticket {
    old.delete(slot);
    young.set(slot, entry);
    return {
      answered: (reply) => {
        entry.reply = reply;
      },
      unanswered: () => {
        for (const generation of [young, old]) if (generation.get(slot) === entry) generation.delete(slot);
      },
    };
  }

  return {
    see(source, packet, nowMs) {
      turnGeneration(nowMs);
      const slot = `${source.address} ${source.port} ${packet.code} ${packet.identifier}`;
      const authenticator = packet.authenticator.toString('latin1');
      const known = young.get(slot) ?? old.get(slot);
      if (known !== undefined && known.authenticator === authenticator && known.expiresAtMs > nowMs) {
        return known.reply === undefined ? IN_WORK : { kind: 'answered', reply: known.reply };
      }
      return { kind: 'new', ticket: remember(slot, { authenticator, expiresAtMs: nowMs + keepMs, reply: undefined }) };
    },
    get size() {
      return young.size + old.size;
    },
  };
}
