import type { paymentStates } from '@turnpike/contracts/payments.js';

export type PaymentState = (typeof paymentStates)[number];

/**
 * The only legal moves. A success is final. Money may come after we have given up, so what failed or timed out may still
 * succeed; what fits neither way waits for a person.
 */
export const PAYMENT_MOVES: Readonly<Record<PaymentState, readonly PaymentState[]>> = {
  created: ['requested', 'succeeded', 'failed', 'review'],
  requested: ['succeeded', 'failed', 'timed_out', 'review'],
  failed: ['succeeded', 'review'],
  timed_out: ['succeeded', 'failed', 'review'],
  review: ['succeeded', 'failed'],
  succeeded: [],
};

/** The states from which it may become `to`. */
export function statesBefore(to: PaymentState): PaymentState[] {
  return states.filter((from) => PAYMENT_MOVES[from].includes(to));
}

const states: readonly PaymentState[] = ['created', 'requested', 'succeeded', 'failed', 'timed_out', 'review'];
