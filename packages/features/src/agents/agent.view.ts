import type { AgentView } from '@turnpike/contracts/agents.js';
import type { AgentRow } from './agent.store.js';

export function agentView(row: AgentRow): AgentView {
  return {
    id: row.id,
    name: row.name,
    msisdn: row.msisdn,
    commissionBasisPoints: row.commissionBasisPoints,
    active: row.active,
    operatorId: row.operatorId,
    createdAt: row.createdAt.toISOString(),
  };
}
