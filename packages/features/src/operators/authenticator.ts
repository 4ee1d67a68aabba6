import type { Clock } from '@turnpike/core/clock.js';
import { hashToken } from '@turnpike/core/tokens.js';
import type { Db } from '@turnpike/db/database.js';
import type { Actor } from '@turnpike/runtime/http/actor.js';
import type { Authenticate } from '@turnpike/runtime/http/serve-request.js';
import { findLiveToken, noteTokenSeen } from './auth-token.store.js';

interface Deps {
  readonly db: Db;
  readonly clock: Clock;
  /** How long an answer is reused, ms. Below 1000: a revoked token must be refused everywhere within a second. */
  readonly reuseMs: number;
}

interface Found {
  readonly actor: Actor;
  readonly expiresAt: Date | null;
}

interface Known {
  readonly askedAtMs: number;
  readonly found: Promise<Found | undefined>;
}

/** Text of our tokens: a prefix for people and 256 bits in base64url. Anything else is not worth a query. */
const TOKEN = /^tp[a-z]_[A-Za-z0-9_-]{43}$/;
const MOST_KNOWN = 10_000;
/** That a token is in use is noted so often. */
const SEEN_EVERY_MS = 60_000;

/**
 * Tells who carries a token; undefined for one that is unknown, expired, revoked, or of a disabled operator.
 * An answer is at most `reuseMs` old, counted from when the question was put to the database.
 * Rejects when the database does not answer: not knowing is not the same as refusing.
 */
export function createAuthenticator({ db, clock, reuseMs }: Deps): Authenticate {
  const known = new Map<string, Known>();
  return async (token, options) => {
    if (!TOKEN.test(token)) return undefined;
    const hash = hashToken(token);
    const nowMs = clock.monotonicMs();
    const before = known.get(hash);
    const reusable = options?.fresh !== true && before !== undefined && nowMs - before.askedAtMs < reuseMs;
    const entry = reusable ? before : { askedAtMs: nowMs, found: ask(db, clock, hash) };
    if (!reusable) remember(known, hash, entry);
    const found = await entry.found;
    if (found === undefined) return undefined;
    return found.expiresAt !== null && found.expiresAt <= clock.now() ? undefined : found.actor;
  };
}

async function ask(db: Db, clock: Clock, hash: string): Promise<Found | undefined> {
  const token = await findLiveToken(db, hash);
  if (token === undefined) return undefined;
  noteSeen(db, clock.now(), token);
  return {
    expiresAt: token.expiresAt,
    actor: {
      id: token.operatorId,
      name: token.operatorName,
      role: token.role,
      scopes: token.scopes,
      tokenId: token.id,
      kind: token.kind,
      sites: token.sites,
      stepUpUntil: token.stepUpUntil,
    },
  };
}

/** Nobody waits for the note, and it is worth no failed request. */
function noteSeen(db: Db, now: Date, token: { readonly id: string; readonly lastSeenAt: Date | null }): void {
  const notSince = new Date(now.getTime() - SEEN_EVERY_MS);
  if (token.lastSeenAt !== null && token.lastSeenAt > notSince) return;
  void noteTokenSeen(db, token.id, now, notSince).catch(() => undefined);
}

/** Keeps the entry unless it comes to nothing. */
function remember(known: Map<string, Known>, hash: string, entry: Known): void {
  known.delete(hash);
  known.set(hash, entry);
  const [oldest] = known.keys();
  // A Map keeps the order of insertion, so its first key is the one asked longest ago.
  if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
  const forget = () => {
    if (known.get(hash) === entry) known.delete(hash);
  };
  void entry.found.then((found) => (found === undefined ? forget() : undefined), forget);
}
