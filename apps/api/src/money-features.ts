import type { Database } from '@turnpike/db/database.js';
import { createAgentSalesService } from '@turnpike/features/agents/agent-sales.service.js';
import { agentRoutes } from '@turnpike/features/agents/agents.routes.js';
import { createAgentsService } from '@turnpike/features/agents/agents.service.js';
import type { CustomersService } from '@turnpike/features/customers/customers.service.js';
import { ledgerRoutes } from '@turnpike/features/ledger/ledger.routes.js';
import { createLedgerService } from '@turnpike/features/ledger/ledger.service.js';
import { createWalletsService } from '@turnpike/features/ledger/wallets.service.js';
import type { PackagesService } from '@turnpike/features/packages/packages.service.js';
import type { VouchersService } from '@turnpike/features/vouchers/vouchers.service.js';
import type { RouteBinding } from '@turnpike/runtime/http/route.js';

interface Deps {
  readonly database: Database;
  readonly customers: CustomersService;
  readonly packages: PackagesService;
  readonly vouchers: VouchersService;
  readonly publicUrl: string;
}

/** The books, the wallets, and the agents who sell from theirs. */
export function moneyFeatures({ database, customers, packages, vouchers, publicUrl }: Deps): RouteBinding[] {
  const { db, transact } = database;
  const wallets = createWalletsService({ db, transact, customers });
  return [
    ...ledgerRoutes({ ledger: createLedgerService({ db }), wallets }),
    ...agentRoutes({
      agents: createAgentsService({ db, transact, wallets }),
      sales: createAgentSalesService({ db, transact, wallets, packages, vouchers }),
      publicUrl,
    }),
  ];
}
