import type { AgentView } from '@turnpike/contracts/agents.js';
import type { Role } from '@turnpike/contracts/permissions.js';
import type { Actor } from '@turnpike/runtime/http/actor.js';
import { byOperator, openShop } from '../entitlements/shop-rig.js';
import { createLedgerService } from '../ledger/ledger.service.js';
import { createWalletsService } from '../ledger/wallets.service.js';
import { createAgentSalesService } from './agent-sales.service.js';
import { createAgentsService } from './agents.service.js';

export type AgentShop = Awaited<ReturnType<typeof openAgentShop>>;

const MANY = { limit: 200 };

/** The shop with its books, its wallets and its agents. */
export async function openAgentShop() {
  const shop = await openShop();
  const { db, transact, packages, vouchers, customers } = shop;
  const wallets = createWalletsService({ db, transact, customers });
  const agents = createAgentsService({ db, transact, wallets });
  let made = 0;

  async function newOperator(role: Role = 'agent', disabledAt: Date | null = null): Promise<string> {
    made += 1;
    const data = { email: `operator-${made}@example.net`, name: role, role, passwordHash: 'x', disabledAt };
    return (await db.operator.create({ data })).id;
  }

  return {
    ...shop,
    wallets,
    agents,
    ledger: createLedgerService({ db }),
    sales: createAgentSalesService({ db, transact, wallets, packages, vouchers }),
    newOperator,
    /** With an operator, 10 % and `fundsMinor` KES in the wallet. */
    newAgent: async ({ commissionBasisPoints = 1_000, fundsMinor = 0 } = {}): Promise<AgentView> => {
      const operatorId = await newOperator();
      const agent = await agents.create({ name: `Agent ${made}`, commissionBasisPoints, operatorId }, byOperator);
      if (fundsMinor > 0) {
        const topUp = { amountMinor: fundsMinor, currency: 'KES', method: 'cash', note: '' } as const;
        await agents.topUp(agent.id, topUp, byOperator);
      }
      return agent;
    },
    balanceOf: async (agentId: string): Promise<string> =>
      (await wallets.balances({ kind: 'agent_wallet', owner: agentId }))[0]?.balanceMinor ?? '0',
    /** Oldest first. */
    audit: async (subjectId: string) => {
      const rows = await db.auditEntry.findMany({ where: { subjectId }, orderBy: { id: 'asc' } });
      return rows.map(({ actor, action, details }) => ({ actor, action, details }));
    },
    entriesOf: async (kind: 'voucher_sale' | 'top_up' | 'adjustment') =>
      (await createLedgerService({ db }).entries({ ...MANY, kind })).items,
  };
}

/** Somebody signed in. */
export function actorOf(id: string, role: Role = 'agent', scopes: Actor['scopes'] = []): Actor {
  const kind = scopes.length === 0 ? 'session' : 'api';
  return { id, name: role, role, scopes, tokenId: 'token', kind, sites: null, stepUpUntil: null };
}

/** The operator of the agent, in a request. */
export function sellerOf({ operatorId }: AgentView): { actor: Actor; requestId: string } {
  return { actor: actorOf(operatorId ?? ''), requestId: 'request-2' };
}
