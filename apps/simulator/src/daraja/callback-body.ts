import { nairobiTimestamp } from './nairobi-time.js';
import type { Push } from './push-book.js';
import { type PushResult, resultOf } from './result-codes.js';

function metadata({ request, rule, receipt, answeredAt, askedAt }: Push): object {
  return {
    Item: [
      { Name: 'Amount', Value: rule.wrongAmount ?? request.Amount },
      { Name: 'MpesaReceiptNumber', Value: receipt },
      { Name: 'Balance' },
      { Name: 'TransactionDate', Value: Number(nairobiTimestamp(answeredAt ?? askedAt)) },
      { Name: 'PhoneNumber', Value: Number(rule.wrongPhone ?? request.PhoneNumber) },
    ],
  };
}

function callback({ merchantRequestId, checkoutRequestId }: Push, { code, description }: PushResult): object {
  return {
    MerchantRequestID: merchantRequestId,
    CheckoutRequestID: checkoutRequestId,
    ResultCode: code,
    ResultDesc: description,
  };
}

/** What is POSTed to the CallBackURL; undefined before the phone has answered. */
export function callbackBody(push: Push): object | undefined {
  if (push.result === undefined) return undefined;
  const paid = push.receipt === undefined ? {} : { CallbackMetadata: metadata(push) };
  return { Body: { stkCallback: { ...callback(push, push.result), ...paid } } };
}

/** The failure that the API reports now and then before it finds out that the customer paid. */
export function failureBody(push: Push): object {
  return { Body: { stkCallback: callback(push, resultOf('1037')) } };
}
