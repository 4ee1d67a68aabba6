import { AppError } from '@turnpike/core/app-error.js';
import type { AgentRow } from './agent.store.js';

export function existingAgent(row: AgentRow | null, id: string): AgentRow {
  if (row === null) throw new AppError('not_found', `there is no agent ${id}`);
  return row;
}

export function refuseInactive({ id, name, active }: AgentRow): void {
  if (active) return;
  throw new AppError(
    'conflict',
    `${name} is deactivated: an administrator activates the agent with PATCH /agents/${id} {"active": true}`,
  );
}
