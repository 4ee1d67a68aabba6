import type { Endpoint } from '@turnpike/contracts/endpoint.js';
import { rightsText, type Rights } from './actor.js';
import type { Cache } from '../cache.js';
import type { Clock } from '@turnpike/core/clock.js';

/** For how long an answer may be given again, and what makes it out of date before: tags of the cache. */
export interface KeepRule {
  readonly tags: readonly string[];
  readonly ttlMs: number;
}

/** An answer as it was sent, to be sent again to others who ask for the same and may see the same. */
export interface KeptAnswer {
  readonly endpoint: Endpoint;
  readonly body: Buffer;
  /** Made for the first who takes it. */
  gzip?: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresAtMs: number;
}

/** An answer under way; `keep` does nothing when what it was made of has changed since `begin`. */
export interface Keeping {
  keep(answer: Omit<KeptAnswer, 'expiresAtMs'>): void;
}

export interface KeptAnswers {
  /** What anybody's request for this address would be about, when an answer may be there. `url`: path and query as sent. */
  endpointOf(url: string): Endpoint | undefined;
  find(url: string, rights: Rights): KeptAnswer | undefined;
  /** Call before anything is read for the answer. */
  begin(url: string, rights: Rights, rule: KeepRule): Keeping;
}

const MOST_BYTES = 16 * 1_024 * 1_024;
const MOST_ADDRESSES = 10_000;
const LONGEST_BODY = 256 * 1_024;
const LONGEST_URL = 512;

/**
 * Answers to the few reads that nearly everybody makes, held as bytes: finding one costs a hundredth of making it anew. They
 * live as long as what they were made of stands in the cache, hear of the same invalidations, and are passed over while the
 * cache cannot hear of any.
 */
export function createKeptAnswers({
  cache,
  clock,
}: {
  cache: Pick<Cache, 'onInvalidated' | 'isTrusted'>;
  clock: Clock;
}) {
  const kept = new Map<string, KeptAnswer>();
  const endpoints = new Map<string, Endpoint>();
  const keysOfTag = new Map<string, Set<string>>();
  const versions = new Map<string, number>();
  let epoch = 0;
  let bytes = 0;

  function drop(key: string): void {
    bytes -= kept.get(key)?.body.length ?? 0;
    kept.delete(key);
  }

  function forgetAll(): void {
    epoch += 1;
    kept.clear();
    endpoints.clear();
    keysOfTag.clear();
    bytes = 0;
  }

  cache.onInvalidated((tags) => {
    if (tags === undefined) forgetAll();
    for (const tag of tags ?? []) {
      versions.set(tag, versionOf(tag) + 1);
      for (const key of keysOfTag.get(tag) ?? []) drop(key);
      keysOfTag.delete(tag);
    }
  });

  function versionOf(tag: string): number {
    return versions.get(tag) ?? 0;
  }

  const answers: KeptAnswers = {
    endpointOf: (url) => endpoints.get(url),
    find: (url, rights) => {
      const answer = kept.get(keyOf(url, rights));
      if (answer === undefined || !cache.isTrusted()) return undefined;
      return answer.expiresAtMs > clock.monotonicMs() ? answer : undefined;
    },
    begin: (url, rights, { tags, ttlMs }) => {
      const begun = { epoch, versions: tags.map(versionOf), atMs: clock.monotonicMs() };
      return {
        keep: (answer) => {
          const changed = begun.epoch !== epoch || tags.some((tag, index) => versionOf(tag) !== begun.versions[index]);
          if (changed || !cache.isTrusted() || url.length > LONGEST_URL || answer.body.length > LONGEST_BODY) return;
          // Rarely, and then all come back within moments.
          if (bytes + answer.body.length > MOST_BYTES || endpoints.size >= MOST_ADDRESSES) forgetAll();
          const key = keyOf(url, rights);
          drop(key);
          kept.set(key, { ...answer, expiresAtMs: begun.atMs + ttlMs });
          bytes += answer.body.length;
          endpoints.set(url, answer.endpoint);
          for (const tag of tags) keysOfTag.set(tag, (keysOfTag.get(tag) ?? new Set()).add(key));
        },
      };
    },
  };
  return answers;
}

function keyOf(url: string, rights: Rights): string {
  return `${rightsText(rights)} ${url}`;
}
