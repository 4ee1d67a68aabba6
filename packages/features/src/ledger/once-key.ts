import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { EntryKind } from '@turnpike/contracts/ledger.js';
import type { Actor } from '@turnpike/runtime/http/actor.js';
import { changeContext, type ChangeContext } from '@turnpike/runtime/http/change-context.js';

/** Who moves money by hand, in which request. */
export interface MoneyContext extends ChangeContext {
  /** Of the request; without one every request is another movement. */
  readonly idempotencyKey?: string | undefined;
}

interface Call {
  readonly actor: Actor;
  readonly requestId: string;
  readonly idempotencyKey?: string | undefined;
}

export function moneyContext(call: Call): MoneyContext {
  return { ...changeContext(call), idempotencyKey: call.idempotencyKey };
}

/**
 * Key of an entry: the same for a request that is repeated with its Idempotency-Key, so that money moves once even when the
 * process died after the movement and before it could keep its answer. `what` tells it from other requests of that key.
 */
export function onceKey(kind: EntryKind, context: MoneyContext, what: readonly (string | number)[]): string {
  const { actor, idempotencyKey } = context;
  if (idempotencyKey === undefined) return `${kind}:${uuidv7()}`;
  const asked = JSON.stringify([actor, idempotencyKey, ...what]);
  return `${kind}:${createHash('sha256').update(asked).digest('base64url')}`;
}
