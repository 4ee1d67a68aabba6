import { AppError } from '@turnpike/core/app-error.js';
import { mayActor, type Actor } from '@turnpike/runtime/http/actor.js';
import type { AgentRow } from './agent.store.js';

/** Its operator sells for an agent, and whoever may change wallets anyway. */
export function refuseSaleFor(agent: AgentRow, actor: Actor): void {
  if (agent.operatorId === actor.id || mayActor(actor, 'ledger:write')) return;
  throw new AppError('forbidden', 'This is not the agent that you sign in for: sell with POST /agent/voucher-sales.');
}
