import type { JobHandlers } from '@turnpike/queue/runner.js';
import type { MoveParked } from './move-parked.js';
import type { HandleMessage } from './payment-messages.js';
import type { RequestPayment } from './payment-request.js';
import type { Reconcile } from './payments-reconcile.js';

interface Deps {
  readonly requestPayment: RequestPayment;
  readonly handleMessage: HandleMessage;
  readonly reconcile: Reconcile;
  readonly moveParked: MoveParked;
}

export function paymentsJobs({
  requestPayment,
  handleMessage,
  reconcile,
  moveParked,
}: Deps): Pick<JobHandlers, 'payment.request' | 'payment.message' | 'payments.reconcile' | 'payments.parked'> {
  return {
    'payment.request': ({ paymentId }, { signal }) => requestPayment(paymentId, signal),
    'payment.message': ({ messageId }, { signal }) => handleMessage(messageId, signal),
    'payments.reconcile': (_nothing, { signal }) => reconcile(signal),
    'payments.parked': (_nothing, { signal }) => moveParked(signal),
  };
}
