import { hash } from 'node:crypto';
import type { RequestSource } from './duplicate-cache.js';
import { HEADER_BYTES, type RadiusPacket } from './packet.js';

/** `mine`: nobody has the request, it is the caller's now. */
export type Claim =
  { readonly kind: 'mine' } | { readonly kind: 'in-work' } | { readonly kind: 'answered'; readonly reply: Buffer };

/**
 * What several processes know of each other's requests, as a retransmission may reach another one (RFC 5080 2.2.2).
 * Both calls settle within a deadline of their own; a rejection means the store is away and the process goes on alone.
 * A claim that is never settled (its process was killed) must lapse within seconds, or the NAS's retransmissions would
 * be dropped as copies; a reply is kept as long as the local cache keeps one.
 */
export interface SharedDuplicates {
  claim(key: string): Promise<Claim>;
  /** Keeps the reply for copies; undefined forgets the request. */
  settle(key: string, reply: Buffer | undefined): Promise<void>;
}

/** Names a verified request in every process: a hash of source address and port, code, identifier and authenticator. */
export function duplicateKey(source: RequestSource, packet: RadiusPacket): string {
  const named = Buffer.from(`${source.address} ${source.port} ${packet.code} ${packet.identifier} `);
  return hash('sha256', Buffer.concat([named, packet.raw.subarray(4, HEADER_BYTES)]), 'base64url');
}

/** The same for one server: nothing rejects, and a store that fails leaves the request to this process. */
export interface DuplicateShare {
  claim(key: string): Promise<Claim>;
  settle(key: string, reply: Buffer | undefined): void;
  /** Settlements under way: a server that stops waits for them, so that its replies are there for the others. */
  readonly settling: number;
}

const MINE: Claim = { kind: 'mine' };

/** `onSettled` is called after every settlement, failed ones too: those cost only a repetition of the work. */
export function createDuplicateShare(shared: SharedDuplicates, onSettled: () => void): DuplicateShare {
  let settling = 0;

  async function settle(key: string, reply: Buffer | undefined): Promise<void> {
    settling += 1;
    try {
      await shared.settle(key, reply);
    } catch {
      return;
    } finally {
      settling -= 1;
      onSettled();
    }
  }

  return {
    async claim(key) {
      try {
        return await shared.claim(key);
      } catch {
        return MINE;
      }
    },
    settle: (key, reply) => void settle(key, reply),
    get settling() {
      return settling;
    },
  };
}
