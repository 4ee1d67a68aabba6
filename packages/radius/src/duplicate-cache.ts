import { DuplicateTable, type Slot } from './duplicate-table.js';
import type { RadiusPacket } from './packet.js';

export interface DuplicateCacheOptions {
  /** How long a request is remembered, in ms from its arrival. RFC 5080 2.2.2 asks for 5 s to 30 s. Default 30,000. */
  readonly keepMs?: number;
  /** Most requests remembered; beyond it the oldest goes early. Default 400,000: 30 s of 13,000 a second. */
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

const IN_WORK: Sighting = { kind: 'in-work' };
// Numbers of addresses are never used twice, so forgetting them all only makes their requests new.
const MAX_SOURCES = 65_536;

/**
 * Detects retransmissions (RFC 5080 2.2.2): same source address and port, code, identifier and authenticator. A slot
 * (all but the authenticator) holds one request: a new authenticator means the NAS gave the old one up. Give it
 * verified packets only.
 */
export function createDuplicateCache(options: DuplicateCacheOptions = {}): DuplicateCache {
  const { keepMs = 30_000, maxEntries = 400_000 } = options;
  const table = new DuplicateTable(maxEntries);
  const sources = new Map<string, number>();
  let latestSource = 0;

  function numberOf(address: string): number {
    const known = sources.get(address);
    if (known !== undefined) return known;
    if (sources.size >= MAX_SOURCES) sources.clear();
    latestSource += 1;
    sources.set(address, latestSource);
    return latestSource;
  }

  function ticketOf(slot: Slot, serial: number): Ticket {
    const withRow = (act: (row: number) => void): void => {
      const row = table.find(slot);
      if (row !== -1 && table.serial(row) === serial) act(row);
    };
    return {
      answered: (reply) => withRow((row) => table.setReply(row, reply)),
      unanswered: () => withRow((row) => table.remove(row)),
    };
  }

  return {
    see(source, packet, nowMs) {
      const { raw } = packet;
      const rest = (source.port << 16) | (packet.code << 8) | packet.identifier;
      const slot: Slot = { source: numberOf(source.address), rest };
      const expiresAtMs = nowMs + keepMs;
      const row = table.find(slot);
      if (row === -1) return { kind: 'new', ticket: ticketOf(slot, table.add(slot, raw, expiresAtMs, nowMs)) };
      if (table.expiresAtMs(row) <= nowMs || !table.hasAuthenticator(row, raw)) {
        return { kind: 'new', ticket: ticketOf(slot, table.replace(row, raw, expiresAtMs)) };
      }
      const reply = table.reply(row);
      return reply === undefined ? IN_WORK : { kind: 'answered', reply };
    },
    get size() {
      return table.size;
    },
  };
}
