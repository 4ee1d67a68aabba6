import { createHash } from 'node:crypto';
import { AppError } from '@turnpike/core/app-error.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';

export type IdempotencyBegin =
  | { readonly kind: 'new' }
  | { readonly kind: 'replay'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'mismatch' }
  | { readonly kind: 'in_progress' };

/**
 * Remembers answers for 24 hours under (actor, key). `begin` claims a free key for this request: of two at the same time one
 * gets `new`. A claim that was neither completed nor abandoned (its process died) must become free again after a while.
 */
export interface IdempotencyStore {
  begin(actorId: string, key: string, requestHash: string): Promise<IdempotencyBegin>;
  complete(actorId: string, key: string, status: number, body: unknown): Promise<void>;
  abandon(actorId: string, key: string): Promise<void>;
}

/** What is stored of an answer is encrypted as a whole, since some answers show a secret this once. */
export function sealIdempotency(
  store: IdempotencyStore,
  secretBox: Pick<SecretBox, 'seal' | 'open'>,
): IdempotencyStore {
  const placeOf = (actorId: string, key: string) => ({
    table: 'idempotency_key',
    row: `${actorId}:${key}`,
    column: 'body',
  });
  return {
    abandon: (actorId, key) => store.abandon(actorId, key),
    complete: (actorId, key, status, body) =>
      store.complete(actorId, key, status, secretBox.seal(JSON.stringify(body ?? null), placeOf(actorId, key))),
    begin: async (actorId, key, requestHash) => {
      const begun = await store.begin(actorId, key, requestHash);
      if (begun.kind !== 'replay' || typeof begun.body !== 'string') return begun;
      const body: unknown = JSON.parse(secretBox.open(begun.body, placeOf(actorId, key)));
      return { ...begun, body };
    },
  };
}

/** The Idempotency-Key header: 1 to 255 visible ASCII characters; undefined when absent. */
export function parseIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (/^[\x21-\x7e]{1,255}$/.test(header)) return header;
  throw new AppError('validation_failed', 'Idempotency-Key must be 1 to 255 visible ASCII characters.', {
    issues: [{ path: 'headers.idempotency-key', message: 'must be 1 to 255 visible ASCII characters' }],
  });
}

/** Equal for requests that ask the same thing, whatever the order of their fields. */
export function hashRequest(method: string, path: string, input: unknown): string {
  return createHash('sha256').update(`${method} ${path}\n`).update(canonicalJson(input)).digest('hex');
}

function canonicalJson(value: unknown): string {
  const text = JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === 'bigint') return item.toString();
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
  return text ?? 'null';
}
