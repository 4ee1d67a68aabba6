import type { Tx } from '@turnpike/db/database.js';
import type { Agent } from '@turnpike/db/generated/client.js';

export type AgentRow = Agent;

export type AgentColumns = Pick<AgentRow, 'name' | 'msisdn' | 'commissionBasisPoints' | 'operatorId'>;

export interface AgentFilter {
  readonly active?: boolean | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Newest first; one row more than `limit` when there are more. */
export async function listAgentRows(tx: Tx, { active, after, limit }: AgentFilter): Promise<AgentRow[]> {
  return tx.agent.findMany({
    where: { ...(active === undefined ? {} : { active }), ...(after === undefined ? {} : { id: { lt: after } }) },
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
}

export async function findAgentRow(tx: Tx, id: string): Promise<AgentRow | null> {
  return tx.agent.findUnique({ where: { id } });
}

export async function findAgentOfOperator(tx: Tx, operatorId: string): Promise<AgentRow | null> {
  return tx.agent.findUnique({ where: { operatorId } });
}

export async function insertAgentRow(tx: Tx, data: AgentColumns): Promise<AgentRow> {
  return tx.agent.create({ data });
}

export async function updateAgentRow(
  tx: Tx,
  id: string,
  data: Partial<AgentColumns & { active: boolean }>,
): Promise<AgentRow> {
  return tx.agent.update({ where: { id }, data });
}

export async function deleteAgentRow(tx: Tx, id: string): Promise<void> {
  await tx.agent.delete({ where: { id } });
}

/** For a sale or a top-up: the agent stays as it is until the transaction ends; many may do so at once. */
export async function keepAgent(tx: Tx, id: string): Promise<AgentRow | null> {
  await tx.$queryRaw`SELECT FROM agent WHERE id = ${id}::uuid FOR SHARE`;
  return findAgentRow(tx, id);
}

/** For a change: waits for sales under way and makes new ones wait, until the transaction ends. */
export async function lockAgent(tx: Tx, id: string): Promise<AgentRow | null> {
  await tx.$queryRaw`SELECT FROM agent WHERE id = ${id}::uuid FOR UPDATE`;
  return findAgentRow(tx, id);
}

/** True when a batch of vouchers was ever made for it. */
export async function hasSold(tx: Tx, id: string): Promise<boolean> {
  return (await tx.agent.findFirst({ where: { id, batches: { some: {} } }, select: { id: true } })) !== null;
}
