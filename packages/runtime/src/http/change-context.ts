import type { Actor } from './actor.js';

/** Who changes something, in which request: what the audit trail needs of a call. */
export interface ChangeContext {
  /** Operator id, or `system`. */
  readonly actor: string;
  readonly requestId: string;
}

export function changeContext(call: { readonly actor: Actor; readonly requestId: string }): ChangeContext {
  return { actor: call.actor.id, requestId: call.requestId };
}
