import type { AgentChange, AgentView, NewAgent, TopUp } from '@turnpike/contracts/agents.js';
import type { MovedView, WalletAdjustment, WalletView } from '@turnpike/contracts/ledger.js';
import { AppError, invalidField } from '@turnpike/core/app-error.js';
import { parseMsisdn } from '@turnpike/core/msisdn.js';
import { cursorId, toPage, type Page, type PageQuery } from '@turnpike/core/page.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import { isUniqueViolation } from '@turnpike/db/database-errors.js';
import type { ChangeContext } from '@turnpike/runtime/http/change-context.js';
import { appendAudit } from '../audit/audit.store.js';
import { beforeAndAfter } from '../audit/before-and-after.js';
import { everMoved } from '../ledger/ledger.js';
import type { MoneyContext } from '../ledger/once-key.js';
import { adjustWallet, moveIntoWallet, type WalletsService } from '../ledger/wallets.service.js';
import { roleOfOperator } from '../operators/operator-role.js';
import {
  deleteAgentRow,
  findAgentRow,
  hasSold,
  insertAgentRow,
  keepAgent,
  listAgentRows,
  lockAgent,
  updateAgentRow,
  type AgentRow,
} from './agent.store.js';
import { agentView } from './agent.view.js';
import { existingAgent, refuseInactive } from './known-agent.js';

export interface AgentsService {
  list(query: PageQuery & { active?: boolean | undefined }): Promise<Page<AgentView>>;
  get(id: string): Promise<AgentView>;
  create(input: NewAgent, context: ChangeContext): Promise<AgentView>;
  update(id: string, change: AgentChange, context: ChangeContext): Promise<AgentView>;
  remove(id: string, context: ChangeContext): Promise<void>;
  /** Money that the agent paid in goes into its wallet. */
  topUp(id: string, topUp: TopUp, context: MoneyContext): Promise<MovedView>;
  /** Throws `conflict` with `insufficient_funds` when there is less in the wallet than is taken out. */
  adjust(id: string, adjustment: WalletAdjustment, context: MoneyContext): Promise<MovedView>;
  wallet(id: string, query: PageQuery): Promise<WalletView>;
}

export interface AgentsDeps extends Pick<Database, 'db' | 'transact'> {
  readonly wallets: Pick<WalletsService, 'read'>;
}

export function createAgentsService({ db, transact, wallets }: AgentsDeps): AgentsService {
  async function change<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    try {
      return await transact(work);
    } catch (error) {
      throw refusal(error) ?? error;
    }
  }

  return {
    list: async ({ active, cursor, limit }) =>
      toPage(await listAgentRows(db, { active, after: cursorId(cursor), limit }), limit, agentView),

    get: async (id) => agentView(existingAgent(await findAgentRow(db, id), id)),

    create: (input, context) =>
      change(async (tx) => {
        const row = await insertAgentRow(tx, {
          name: input.name,
          msisdn: phoneNumber(input.msisdn ?? null),
          commissionBasisPoints: input.commissionBasisPoints,
          operatorId: await agentOperator(tx, input.operatorId ?? null),
        });
        const { name, commissionBasisPoints, operatorId } = row;
        await record(tx, context, 'agent.create', row.id, { name, commissionBasisPoints, operatorId });
        return agentView(row);
      }),

    update: (id, input, context) =>
      change(async (tx) => {
        const before = existingAgent(await lockAgent(tx, id), id);
        const { name, commissionBasisPoints, active, msisdn, operatorId } = input;
        const row = await updateAgentRow(tx, id, {
          ...(name === undefined ? {} : { name }),
          ...(commissionBasisPoints === undefined ? {} : { commissionBasisPoints }),
          ...(active === undefined ? {} : { active }),
          ...(msisdn === undefined ? {} : { msisdn: phoneNumber(msisdn) }),
          ...(operatorId === undefined ? {} : { operatorId: await agentOperator(tx, operatorId) }),
        });
        await record(tx, context, 'agent.update', id, changesOf(before, row));
        return agentView(row);
      }),

    remove: (id, context) =>
      change(async (tx) => {
        const row = existingAgent(await lockAgent(tx, id), id);
        if ((await hasSold(tx, id)) || (await everMoved(tx, { kind: 'agent_wallet', owner: id }))) {
          throw new AppError(
            'conflict',
            `${row.name} has sold or had money in the wallet, so the record is kept: deactivate it with PATCH {"active": false}`,
          );
        }
        await deleteAgentRow(tx, id);
        await record(tx, context, 'agent.delete', id, { name: row.name });
      }),

    topUp: (id, { amountMinor, currency, method, note }, context) =>
      change(async (tx) => {
        const row = existingAgent(await keepAgent(tx, id), id);
        refuseInactive(row);
        return moveIntoWallet(
          tx,
          {
            wallet: { kind: 'agent_wallet', owner: id },
            from: { kind: 'provider', owner: method },
            kind: 'top_up',
            amountMinor,
            currency,
            description: note === '' ? `top-up of ${row.name}, ${method}` : note,
            audit: { action: 'agent.top_up', subjectType: 'agent', details: { method, note } },
          },
          context,
        );
      }),

    adjust: (id, adjustment, context) =>
      transact(async (tx) => {
        existingAgent(await keepAgent(tx, id), id);
        const wallet = { kind: 'agent_wallet', owner: id } as const;
        return adjustWallet(tx, { wallet, subjectType: 'agent', adjustment }, context);
      }),

    wallet: async (id, query) => {
      existingAgent(await findAgentRow(db, id), id);
      return wallets.read({ kind: 'agent_wallet', owner: id }, query);
    },
  };
}

function phoneNumber(text: string | null): string | null {
  if (text === null) return null;
  const msisdn = parseMsisdn(text);
  if (msisdn === undefined) {
    throw invalidField('msisdn', 'must be a phone number such as 0712 345 678 or +254 712 345 678');
  }
  return msisdn;
}

/** Whoever may do more than sell must not come by the codes of an agent unnoticed, so only the role `agent` is taken. */
async function agentOperator(tx: Tx, operatorId: string | null): Promise<string | null> {
  if (operatorId === null) return null;
  const role = await roleOfOperator(tx, operatorId);
  if (role === undefined) throw invalidField('operatorId', 'must be an operator who is there and not disabled');
  if (role === 'agent') return operatorId;
  throw invalidField('operatorId', `must be an operator of the role agent; this one is ${role}`);
}

/** What is different now, for the audit trail; of a phone number only that it is. */
function changesOf(before: AgentRow, after: AgentRow): Record<string, unknown> {
  const told = ({ name, commissionBasisPoints, active, operatorId }: AgentRow) => ({
    name,
    commissionBasisPoints,
    active,
    operatorId,
  });
  return {
    ...beforeAndAfter(told(before), told(after)),
    ...(before.msisdn === after.msisdn ? {} : { msisdnChanged: true }),
  };
}

function refusal(error: unknown): AppError | undefined {
  if (isUniqueViolation(error, 'msisdn')) return taken('msisdn', 'another agent has this phone number');
  return isUniqueViolation(error, 'operator') ? taken('operatorId', 'another agent has this operator') : undefined;
}

function taken(path: string, detail: string): AppError {
  return new AppError('name_taken', detail, { issues: [{ path, message: 'is taken' }] });
}

async function record(
  tx: Tx,
  context: ChangeContext,
  action: string,
  id: string,
  details: Record<string, unknown>,
): Promise<void> {
  await appendAudit(tx, { ...context, action, subjectType: 'agent', subjectId: id, details });
}
