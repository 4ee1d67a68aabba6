import * as endpoints from '@turnpike/contracts/agents.js';
import type { AgentSale } from '@turnpike/contracts/agents.js';
import type { VoucherFormat } from '@turnpike/contracts/vouchers.js';
import { changeContext } from '@turnpike/runtime/http/change-context.js';
import { route, type FileRequest, type RouteBinding } from '@turnpike/runtime/http/route.js';
import { moneyContext } from '../ledger/once-key.js';
import { batchFile, formatAsked } from '../vouchers/batch-file.js';
import type { AgentSalesService } from './agent-sales.service.js';
import type { AgentsService } from './agents.service.js';

interface Asked extends FileRequest {
  readonly body: { readonly format?: VoucherFormat | undefined };
}

interface Deps {
  readonly agents: AgentsService;
  readonly sales: AgentSalesService;
  /** Where phones reach the portal: QR codes lead there. */
  readonly publicUrl: string;
}

export function agentRoutes({ agents, sales, publicUrl }: Deps): RouteBinding[] {
  const asFile = async (sale: AgentSale, { body, accept, signal }: Asked) =>
    batchFile(sale, { format: body.format ?? formatAsked(accept), publicUrl, signal });
  return [
    route(endpoints.listAgents, ({ query }) => agents.list(query)),
    route(endpoints.createAgent, (call) => agents.create(call.body, changeContext(call))),
    route(endpoints.getAgent, ({ params }) => agents.get(params.id)),
    route(endpoints.updateAgent, (call) => agents.update(call.params.id, call.body, changeContext(call))),
    route(endpoints.deleteAgent, async (call) => {
      await agents.remove(call.params.id, changeContext(call));
    }),
    route(endpoints.topUpAgent, (call) => agents.topUp(call.params.id, call.body, moneyContext(call))),
    route(endpoints.adjustAgentWallet, (call) => agents.adjust(call.params.id, call.body, moneyContext(call))),
    route(endpoints.getAgentWallet, ({ params, query }) => agents.wallet(params.id, query)),
    route(endpoints.sellForAgent, (call) => sales.sell(call.params.id, call.body, call), asFile),
    route(endpoints.getMyAgent, ({ actor }) => sales.mine(actor)),
    route(endpoints.listMyPackages, ({ actor }) => sales.myPackages(actor)),
    route(endpoints.sellVouchers, (call) => sales.sellMine(call.body, call), asFile),
    route(endpoints.listMySales, ({ actor, query }) => sales.mySales(actor, query)),
    route(endpoints.getMyWallet, ({ actor, query }) => sales.myWallet(actor, query)),
  ];
}
