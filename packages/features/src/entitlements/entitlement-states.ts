import { AppError } from '@turnpike/core/app-error.js';
import type { EntitlementRow } from './entitlement.store.js';

export type EntitlementState = EntitlementRow['state'];

/** The only legal moves. What is over stays over: a new purchase is a new entitlement. */
export const ENTITLEMENT_MOVES: Readonly<Record<EntitlementState, readonly EntitlementState[]>> = {
  /** By its first login, or when the one it waits for is over. */
  pending: ['active', 'refunded'],
  active: ['expired', 'exhausted', 'suspended', 'refunded'],
  suspended: ['active', 'refunded'],
  expired: [],
  exhausted: [],
  refunded: [],
};

/** Why it cannot be moved, in words for an operator. */
const AS_IT_IS: Readonly<Record<EntitlementState, string>> = {
  pending: 'it has not begun yet',
  active: 'it is active and not suspended',
  suspended: 'it is suspended already',
  expired: 'its time is over; grant a package anew',
  exhausted: 'its data or its time online is used up; grant a package anew',
  refunded: 'it has been refunded already; grant a package anew',
};

const MOVE_WORDS: Readonly<Record<EntitlementState, string>> = {
  pending: 'made pending',
  active: 'resumed',
  suspended: 'suspended',
  expired: 'ended',
  exhausted: 'ended',
  refunded: 'refunded',
};

type Timed = Pick<EntitlementRow, 'state' | 'startsAt' | 'endsAt' | 'validForSeconds'>;

/** The state at an instant: what has begun or is over may not have been marked so yet. */
export function stateAt({ state, startsAt, endsAt, validForSeconds }: Timed, at: Date): EntitlementState {
  const begins = state === 'pending' && validForSeconds === null && startsAt <= at;
  if (state !== 'active' && !begins) return state;
  return endsAt <= at ? 'expired' : 'active';
}

/** Throws `conflict` for a move that is not in the table. */
export function refuseIllegalMove(from: EntitlementState, to: EntitlementState): void {
  if (!ENTITLEMENT_MOVES[from].includes(to)) throw illegalMove(from, to);
}

export function illegalMove(from: EntitlementState, to: EntitlementState): AppError {
  return new AppError('conflict', `this entitlement cannot be ${MOVE_WORDS[to]}: ${AS_IT_IS[from]}`, {
    extra: { state: from },
  });
}
