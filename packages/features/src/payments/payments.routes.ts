import * as endpoints from '@turnpike/contracts/payments.js';
import { changeContext } from '@turnpike/runtime/http/change-context.js';
import { publicRoute, route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import type { CallbackIntake } from './callback-intake.js';
import { paymentFor, paymentsFor } from './payment-privacy.js';
import type { PaymentsService } from './payments.service.js';

export function paymentRoutes({
  payments,
  intake,
}: {
  payments: PaymentsService;
  intake: CallbackIntake;
}): RouteBinding[] {
  return [
    route(endpoints.listPayments, async ({ query, actor }) => paymentsFor(actor.role, await payments.list(query))),
    route(endpoints.getPayment, async ({ params, actor }) => paymentFor(actor.role, await payments.get(params.id))),
    route(endpoints.getPaymentSummary, ({ query }) => payments.summary(query)),
    route(endpoints.listPaymentReview, async ({ query, actor }) =>
      paymentsFor(actor.role, await payments.review(query)),
    ),
    route(endpoints.listCustomerPayments, async ({ params, query, actor }) =>
      paymentsFor(actor.role, await payments.ofCustomer(params.id, query)),
    ),
    route(endpoints.resolvePayment, (call) => payments.resolve(call.params.id, call.body, changeContext(call))),
    route(endpoints.enterPayment, (call) => payments.enter(call.body, changeContext(call))),
    route(endpoints.sellForCash, (call) => payments.sell('cash', call.body, changeContext(call))),
    route(endpoints.sellFromWallet, (call) => payments.sell('wallet', call.body, changeContext(call))),
    route(endpoints.refundPayment, (call) => payments.refund(call.params.id, call.body, changeContext(call))),
    route(endpoints.importStatement, (call) => payments.importStatement(call.body, changeContext(call))),
    ...callbackRoutes(intake),
  ];
}

function callbackRoutes(intake: CallbackIntake): RouteBinding[] {
  return [
    publicRoute(endpoints.mpesaCallback, ({ params, body, ip }) => intake.callback({ ...params, ...body, ip })),
    ...[endpoints.mpesaConfirmation, endpoints.paybillConfirmation].map((endpoint) =>
      publicRoute(endpoint, ({ params, body, ip }) => intake.confirmation({ ...params, ...body, ip })),
    ),
    ...[endpoints.mpesaValidation, endpoints.paybillValidation].map((endpoint) =>
      publicRoute(endpoint, ({ params, body, ip }) => intake.validation({ ...params, ...body, ip })),
    ),
  ];
}
