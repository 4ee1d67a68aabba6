import type { PaymentView, PaymentWithMessages } from '@turnpike/contracts/payments.js';
import { payment as paymentSchema, paymentMessage } from '@turnpike/contracts/payments.js';
import { offerName } from './payment-offer.js';
import type { PaymentMessageRow } from './payment-message.store.js';
import type { PaymentRow } from './payment.store.js';

export function paymentView(row: PaymentRow): PaymentView {
  // Parsed because provider and purpose are texts in the database.
  return paymentSchema.parse({
    ...row,
    packageName: offerName(row),
    amountMinor: Number(row.amountMinor),
    paidMinor: row.paidMinor === null ? null : Number(row.paidMinor),
    createdAt: row.createdAt.toISOString(),
    requestedAt: row.requestedAt?.toISOString() ?? null,
    settledAt: row.settledAt?.toISOString() ?? null,
    refundedAt: row.refundedAt?.toISOString() ?? null,
  });
}

export function paymentWithMessages(row: PaymentRow, messages: readonly PaymentMessageRow[]): PaymentWithMessages {
  return {
    ...paymentView(row),
    messages: messages.map((message) =>
      paymentMessage.parse({ ...message, createdAt: message.createdAt.toISOString() }),
    ),
  };
}
