import { z } from 'zod';
import { type ControlAnswer, ControlError } from '../control/control-answer.js';
import { faultChange, NO_FAULTS } from './api-faults.js';
import type { Daraja } from './daraja.js';
import { paybillPayment } from './paybill.js';
import { ruleChange } from './payer-rules.js';
import type { Push } from './push-book.js';

const ok = (body: unknown): ControlAnswer => ({ status: 200, body });
const phone = z.string().regex(/^\d{12}$/, 'must look like 254712345678');

function pushView(push: Push): Record<string, unknown> {
  const { merchantRequestId, checkoutRequestId, request, rule, askedAt, answeredAt, result, receipt } = push;
  return {
    merchantRequestId,
    checkoutRequestId,
    msisdn: request.PhoneNumber,
    amount: request.Amount,
    accountReference: request.AccountReference,
    callbackUrl: request.CallBackURL,
    outcome: rule.outcome,
    askedAt,
    answeredAt: answeredAt ?? null,
    resultCode: result?.code ?? null,
    receipt: receipt ?? null,
    callbacks: push.deliveries,
  };
}

function overview(daraja: Daraja): Record<string, unknown> {
  const { url, options, rules, faults, book, paybill, sender } = daraja;
  return {
    url,
    shortcode: options.shortcode,
    rule: rules.general(),
    phones: rules.phones(),
    faults,
    pushes: book.pushes().length,
    paid: book.paid().length,
    callbacksWaiting: sender.waiting,
    paybill: paybill.registered() ?? null,
  };
}

function setFaults(daraja: Daraja, body: unknown): ControlAnswer {
  const { clear = false, expireTokens = false, ...change } = faultChange.parse(body);
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  daraja.faults = { ...(clear ? NO_FAULTS : daraja.faults), ...given };
  if (expireTokens) daraja.tokens.expireAll();
  return ok({ faults: daraja.faults });
}

function findPush({ book }: Daraja, id: string): Push {
  const push = book.find(id);
  if (push === undefined) throw new ControlError(404, `no push ${id}`);
  return push;
}

function show(daraja: Daraja, what: string | undefined, id: string | undefined, query: URLSearchParams): ControlAnswer {
  switch (what) {
    case undefined:
      return ok(overview(daraja));
    case 'pushes':
      if (id !== undefined) return ok(pushView(findPush(daraja, id)));
      return ok({ pushes: daraja.book.pushes(query.get('msisdn') ?? undefined).map(pushView) });
    case 'paid':
      return ok({ paid: daraja.book.paid() });
    default:
      throw new ControlError(404, 'try GET /daraja, /daraja/pushes or /daraja/paid');
  }
}

async function change(daraja: Daraja, segments: readonly string[], body: unknown): Promise<ControlAnswer> {
  const [what, id] = segments;
  switch (what) {
    case 'rule':
      daraja.rules.change(ruleChange.parse(body));
      return ok({ rule: daraja.rules.general() });
    case 'phones': {
      const msisdn = phone.parse(id);
      daraja.rules.changePhone(msisdn, ruleChange.parse(body));
      return ok({ rule: daraja.rules.of(msisdn) });
    }
    case 'faults':
      return setFaults(daraja, body);
    case 'pushes': {
      const push = findPush(daraja, id ?? '');
      await daraja.sender.again(push);
      return ok(pushView(push));
    }
    case 'paybill':
      return { status: 201, body: await daraja.paybill.pay(paybillPayment.parse(body)) };
    case 'reset':
      daraja.reset();
      return ok(overview(daraja));
    default:
      throw new ControlError(
        404,
        'try POST /daraja/rule, phones/{msisdn}, faults, pushes/{id}/callback, paybill, reset',
      );
  }
}

/** Steers the Daraja stand-in and tells what was really paid; `segments` is the path after `/daraja`. */
export async function darajaControl(
  daraja: Daraja,
  method: string,
  segments: readonly string[],
  query: URLSearchParams,
  body: unknown,
): Promise<ControlAnswer> {
  if (method === 'GET') return show(daraja, segments[0], segments[1], query);
  if (method === 'POST') return change(daraja, segments, body);
  throw new ControlError(405, 'use GET or POST');
}
