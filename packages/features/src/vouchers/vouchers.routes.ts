import * as endpoints from '@turnpike/contracts/vouchers.js';
import { changeContext } from '@turnpike/runtime/http/change-context.js';
import { route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import { batchFile, formatAsked } from './batch-file.js';
import type { ReadRedemptions } from './batch-redemptions.js';
import type { VouchersService } from './vouchers.service.js';

export interface VoucherRoutesDeps {
  readonly vouchers: VouchersService;
  readonly redemptions: ReadRedemptions;
  /** Where phones reach the portal: QR codes lead there. */
  readonly publicUrl: string;
}

export function voucherRoutes({ vouchers, redemptions, publicUrl }: VoucherRoutesDeps): RouteBinding[] {
  return [
    route(
      endpoints.createVoucherBatch,
      (call) => vouchers.createBatch(call.body, changeContext(call)),
      async (batch, { body, accept, signal }) =>
        batchFile(batch, { format: body.format ?? formatAsked(accept), publicUrl, signal }),
    ),
    route(endpoints.listVoucherBatches, ({ query }) => vouchers.listBatches(query)),
    route(endpoints.getVoucherBatch, ({ params }) => vouchers.getBatch(params.id)),
    route(endpoints.getBatchRedemptions, ({ params }) => redemptions(params.id)),
    route(endpoints.revokeVoucherBatch, (call) => vouchers.revokeBatch(call.params.id, changeContext(call))),
    route(endpoints.listVouchers, ({ query }) => vouchers.list(query)),
    route(endpoints.getVoucher, ({ params }) => vouchers.get(params.id)),
    route(endpoints.revokeVoucher, (call) => vouchers.revoke(call.params.id, call.body, changeContext(call))),
    route(endpoints.redeemForCustomer, (call) =>
      vouchers.redeemFor(call.params.id, call.body.code, changeContext(call)),
    ),
  ];
}
