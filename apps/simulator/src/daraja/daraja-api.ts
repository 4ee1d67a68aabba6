import { randomUUID } from 'node:crypto';
import { messageOf } from '@turnpike/core/app-error.js';
import type { Answer, HttpAnswer, HttpQuestion } from '../http/http-server.js';
import type { SimTime } from '../router/sim-time.js';
import type { AccessTokens } from './access-tokens.js';
import type { ApiFaults } from './api-faults.js';
import { DarajaError, internalError, invalidField, transactionError } from './daraja-error.js';
import type { Paybill } from './paybill.js';
import type { PayerRules } from './payer-rules.js';
import type { Push, PushBook } from './push-book.js';
import { parsePush, parseQuery, type ShortcodeCredentials } from './push-request.js';
import { resultOf } from './result-codes.js';

export interface DarajaApiDeps {
  readonly shortcode: ShortcodeCredentials;
  readonly tokens: AccessTokens;
  readonly rules: PayerRules;
  readonly book: PushBook;
  readonly paybill: Paybill;
  readonly time: SimTime;
  readonly faults: () => ApiFaults;
  /** 0 <= x < 1, another one each time. */
  readonly chance: () => number;
  /** A phone has answered. */
  readonly answered: (push: Push) => void;
}

const ok = (body: object): HttpAnswer => ({ status: 200, body });

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidField('Request Payload');
  }
}

function askPhone({ shortcode, book, rules, answered }: DarajaApiDeps, body: unknown): HttpAnswer {
  const request = parsePush(body, shortcode);
  const push = book.ask(request, rules.of(request.PhoneNumber), answered);
  return ok({
    MerchantRequestID: push.merchantRequestId,
    CheckoutRequestID: push.checkoutRequestId,
    ResponseCode: '0',
    ResponseDescription: 'Success. Request accepted for processing',
    CustomerMessage: 'Success. Request accepted for processing',
  });
}

function tellPush({ shortcode, book }: DarajaApiDeps, body: unknown): HttpAnswer {
  const push = book.find(parseQuery(body, shortcode));
  if (push === undefined) throw invalidField('CheckoutRequestID');
  const { rule, receipt, merchantRequestId, checkoutRequestId } = push;
  const result = rule.queryLies && receipt !== undefined ? resultOf('1032') : push.result;
  if (result === undefined) throw transactionError('The transaction is being processed');
  return ok({
    ResponseCode: '0',
    ResponseDescription: 'The service request has been accepted successsfully',
    MerchantRequestID: merchantRequestId,
    CheckoutRequestID: checkoutRequestId,
    ResultCode: String(result.code),
    ResultDesc: result.description,
  });
}

/** Answers one request of a merchant. Errors: DarajaError. */
function route(deps: DarajaApiDeps, { method, path, query, headers, text }: HttpQuestion): HttpAnswer {
  const { authorization } = headers;
  if (path === '/' && method === 'GET')
    return ok({ name: 'Daraja (M-Pesa) stand-in', shortcode: deps.shortcode.shortcode });
  if (path === '/oauth/v1/generate' && method === 'GET') {
    return ok(deps.tokens.give(authorization, query.get('grant_type')));
  }
  const handle = {
    '/mpesa/stkpush/v1/processrequest': (body: unknown) => askPhone(deps, body),
    '/mpesa/stkpushquery/v1/query': (body: unknown) => tellPush(deps, body),
    '/mpesa/c2b/v2/registerurl': (body: unknown) => ok(deps.paybill.register(body, deps.shortcode.shortcode)),
  }[path];
  if (handle === undefined || method !== 'POST') throw new DarajaError(404, '404.001.01', 'Resource not found');
  deps.tokens.check(authorization);
  return handle(json(text));
}

function refusal(error: unknown): HttpAnswer {
  const known = error instanceof DarajaError ? error : new DarajaError(500, '500.003.1001', messageOf(error));
  return {
    status: known.status,
    body: { requestId: randomUUID(), errorCode: known.code, errorMessage: known.message },
  };
}

/** What the merchant's side sees of Daraja, with the faults that are switched on. */
export function darajaApi(deps: DarajaApiDeps): Answer {
  const { time, faults, chance } = deps;
  const pause = (ms: number): Promise<void> => new Promise((resolve) => time.after(ms, resolve));

  return async (question) => {
    const { down, slowMs, failShare, cutShare } = faults();
    if (down) return 'hang up';
    if (slowMs > 0) await pause(slowMs);
    try {
      if (failShare > 0 && chance() < failShare) throw internalError();
      const answer = route(deps, question);
      const isPush = question.path.startsWith('/mpesa/stkpush/');
      return isPush && cutShare > 0 && chance() < cutShare ? 'hang up' : answer;
    } catch (error) {
      return refusal(error);
    }
  };
}
