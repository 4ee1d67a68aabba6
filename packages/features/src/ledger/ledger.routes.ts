import * as endpoints from '@turnpike/contracts/ledger.js';
import { route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import type { LedgerService } from './ledger.service.js';
import { moneyContext } from './once-key.js';
import type { WalletsService } from './wallets.service.js';

export function ledgerRoutes({ ledger, wallets }: { ledger: LedgerService; wallets: WalletsService }): RouteBinding[] {
  return [
    route(endpoints.getCustomerWallet, ({ params, query }) => wallets.ofCustomer(params.id, query)),
    route(endpoints.adjustCustomerWallet, (call) => wallets.adjust(call.params.id, call.body, moneyContext(call))),
    route(endpoints.listLedgerAccounts, ({ query }) => ledger.accounts(query)),
    route(endpoints.listLedgerEntries, ({ query }) => ledger.entries(query)),
    route(endpoints.getTrialBalance, () => ledger.trialBalance()),
  ];
}
