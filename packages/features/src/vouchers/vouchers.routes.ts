import * as endpoints from '@turnpike/contracts/vouchers.js';
import { changeContext } from '@turnpike/runtime/http/change-context.js';
import { route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import type { VouchersService } from './vouchers.service.js';

export function voucherRoutes({ vouchers }: { vouchers: VouchersService }): RouteBinding[] {
  return [
    route(endpoints.createVoucherBatch, (call) => vouchers.createBatch(call.body, changeContext(call))),
    route(endpoints.listVoucherBatches, ({ query }) => vouchers.listBatches(query)),
    route(endpoints.revokeVoucherBatch, (call) => vouchers.revokeBatch(call.params.id, changeContext(call))),
  ];
}
