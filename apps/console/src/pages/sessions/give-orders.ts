import { changeSessionRate, disconnectSession, type SessionView } from '@turnpike/contracts/sessions.js';
import { ApiProblem } from '../../api/api-problem.js';
import { call } from '../../api/call.js';
import { randomKey } from '../../api/random-key.js';
import type { GivenOrder } from './order-outcome.js';

export type Order =
  { readonly kind: 'disconnect' } | { readonly kind: 'rate'; readonly downKbps: number; readonly upKbps: number };

/** Gives an order for each session, one after the other; a refused one does not keep the others from being given. */
export async function giveOrders(
  sessions: readonly SessionView[],
  order: Order,
  send: typeof sendOrder = sendOrder,
): Promise<GivenOrder[]> {
  const given: GivenOrder[] = [];
  for (const session of sessions) {
    try {
      given.push({ session, outcome: await send(session, order) });
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      given.push({ session, outcome: { problem: error } });
    }
  }
  return given;
}

async function sendOrder({ id }: SessionView, order: Order): Promise<{ commandId: string }> {
  const options = { idempotencyKey: randomKey() };
  if (order.kind === 'disconnect') return call(disconnectSession, { params: { id } }, options);
  const { downKbps, upKbps } = order;
  return call(changeSessionRate, { params: { id }, body: { downKbps, upKbps } }, options);
}
