import type { Clock } from '@turnpike/core/clock.js';
import type { Secret } from '@turnpike/core/secret.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';
import { z } from 'zod';
import { BreakerOpenError, createBreaker } from '../../access/breaker.js';
import { DarajaError } from './daraja-error.js';
import type { DarajaAnswer, DarajaHttp } from './daraja-http.js';
import { darajaDuration } from './daraja-metrics.js';
import { createDarajaTokens } from './daraja-token.js';
import { nairobiTimestamp, stkPassword } from './stk-password.js';

export interface DarajaSettings {
  /** Without a slash at the end: `https://api.safaricom.co.ke`. */
  readonly url: string;
  readonly consumerKey: Secret;
  readonly consumerSecret: Secret;
  readonly shortcode: string;
  readonly passkey: Secret;
}

export interface StkPush {
  /** Whole shillings. */
  readonly amount: number;
  /** E.164 digits. */
  readonly msisdn: string;
  readonly callbackUrl: string;
  /** What the payer sees; cut to what M-Pesa takes: 12 and 13 characters. */
  readonly accountReference: string;
  readonly description: string;
}

export interface StkResult {
  readonly resultCode: string;
  readonly resultDesc: string;
  readonly raw: string;
}

/** The M-Pesa API of Safaricom. Every function rejects with DarajaError and nothing else. */
export interface DarajaClient {
  /** Has the payer's phone ask for the PIN; gives the CheckoutRequestID. Never repeated when it may have been heard. */
  push(push: StkPush, signal: AbortSignal): Promise<string>;
  /** What became of a push; `pending` while its owner has not decided. */
  query(checkoutRequestId: string, signal: AbortSignal): Promise<StkResult | 'pending'>;
  /** Tells M-Pesa where to announce payments to the paybill. Asking again changes nothing. */
  registerUrls(urls: { confirmation: string; validation: string }, signal: AbortSignal): Promise<void>;
}

export interface DarajaClientOptions {
  readonly settings: DarajaSettings;
  readonly http: DarajaHttp;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

type Operation = 'push' | 'query' | 'register';

const BREAKER = { failures: 5, pauseMs: 5_000 };
const ACCOUNT_REFERENCE_LENGTH = 12;
const DESCRIPTION_LENGTH = 13;
const INVALID_TOKEN = new Set(['404.001.03', '401.003.01']);
/** Daraja says this with a status of 500 while the payer is being asked. */
const STILL_PROCESSING = /being processed/i;
const pushed = z.object({ ResponseCode: z.coerce.string(), CheckoutRequestID: z.string().min(1).max(128) });
const queried = z.object({ ResultCode: z.coerce.string(), ResultDesc: z.string().default('') });
const spikeArrest = z.object({ fault: z.object({ faultstring: z.string() }) });

export function createDarajaClient({ settings, http, clock, metrics }: DarajaClientOptions): DarajaClient {
  const { url, shortcode, passkey } = settings;
  const tokens = createDarajaTokens({ ...settings, http, clock });
  const breaker = createBreaker({ clock, ...BREAKER });
  const duration = darajaDuration(metrics);

  async function measured<Result>(operation: Operation, work: () => Promise<Result>): Promise<Result> {
    const stop = duration.startTimer({ operation });
    try {
      const result = await work();
      stop({ outcome: 'ok' });
      return result;
    } catch (error) {
      const failure = asDarajaError(error);
      stop({ outcome: failure.kind });
      throw failure;
    }
  }

  /** An answer counts for the breaker as one, whatever it says; only silence and 5xx are trouble. */
  async function post(path: string, body: unknown, signal: AbortSignal): Promise<DarajaAnswer> {
    const troubled: { error?: unknown } = {};
    const answer = await breaker.run(async () => {
      const token = await tokens.get(signal).catch((error: unknown) => {
        if (error instanceof DarajaError && error.kind === 'refused') troubled.error = error;
        else throw error;
      });
      if (token === undefined) return undefined;
      const sent = await http(
        { method: 'POST', url: url + path, headers: { authorization: `Bearer ${token}` }, body },
        signal,
      );
      if (INVALID_TOKEN.has(codeOf(sent))) tokens.forget(token);
      return sent;
    });
    if (answer === undefined) throw troubled.error;
    return answer;
  }

  /** A refused token was never looked behind: with a new one the same request is asked for the first time. */
  async function ask(path: string, body: unknown, signal: AbortSignal): Promise<DarajaAnswer> {
    const answer = await post(path, body, signal);
    return INVALID_TOKEN.has(codeOf(answer)) ? post(path, body, signal) : answer;
  }

  const signed = () => {
    const timestamp = nairobiTimestamp(clock.now());
    return {
      BusinessShortCode: shortcode,
      Password: stkPassword(shortcode, passkey, timestamp),
      Timestamp: timestamp,
    };
  };

  return {
    push: (push, signal) =>
      measured('push', async () => {
        const answer = await ask(
          '/mpesa/stkpush/v1/processrequest',
          {
            ...signed(),
            TransactionType: 'CustomerPayBillOnline',
            Amount: push.amount,
            PartyA: push.msisdn,
            PartyB: shortcode,
            PhoneNumber: push.msisdn,
            CallBackURL: push.callbackUrl,
            AccountReference: push.accountReference.slice(0, ACCOUNT_REFERENCE_LENGTH),
            TransactionDesc: push.description.slice(0, DESCRIPTION_LENGTH),
          },
          signal,
        );
        const body = pushed.safeParse(answer.body);
        if (answer.status === 200 && body.success && body.data.ResponseCode === '0') return body.data.CheckoutRequestID;
        throw refusalOf(answer);
      }),

    query: (checkoutRequestId, signal) =>
      measured('query', async () => {
        const body = { ...signed(), CheckoutRequestID: checkoutRequestId };
        const answer = await ask('/mpesa/stkpushquery/v1/query', body, signal);
        if (STILL_PROCESSING.test(messageIn(answer))) return 'pending';
        const result = queried.safeParse(answer.body);
        if (answer.status !== 200 || !result.success) throw refusalOf(answer);
        return { resultCode: result.data.ResultCode, resultDesc: result.data.ResultDesc, raw: answer.raw };
      }),

    registerUrls: ({ confirmation, validation }, signal) =>
      measured('register', async () => {
        const answer = await ask(
          '/mpesa/c2b/v2/registerurl',
          {
            ShortCode: shortcode,
            ResponseType: 'Completed',
            ConfirmationURL: confirmation,
            ValidationURL: validation,
          },
          signal,
        );
        const alreadyRegistered = /already registered|duplicate/i.test(messageIn(answer));
        if (answer.status !== 200 && !alreadyRegistered) throw refusalOf(answer);
      }),
  };
}

function codeOf({ body }: DarajaAnswer): string {
  const code = body['errorCode'];
  return typeof code === 'string' ? code : '';
}

function messageIn({ body }: DarajaAnswer): string {
  const fault = spikeArrest.safeParse(body);
  if (fault.success) return fault.data.fault.faultstring;
  const message = body['errorMessage'] ?? body['ResponseDescription'] ?? body['ResultDesc'];
  return typeof message === 'string' ? message.slice(0, 300) : '';
}

/** The lock of a subscriber is taken before anything happens; other trouble inside of M-Pesa says nothing of what did. */
const NEVER_STARTED = /unable to lock subscriber|spike arrest|invalid/i;

function refusalOf(answer: DarajaAnswer): DarajaError {
  const code = codeOf(answer) === '' ? `http_${answer.status}` : codeOf(answer);
  const message = messageIn(answer);
  const said = `M-Pesa says: ${message === '' ? `HTTP ${answer.status}` : message}`;
  const isSure = (answer.status >= 400 && answer.status < 500) || NEVER_STARTED.test(message);
  const isRefusedPush = answer.status === 200 && typeof answer.body['ResponseCode'] === 'string';
  return new DarajaError(isSure || isRefusedPush ? 'refused' : 'unclear', code, said);
}

function asDarajaError(error: unknown): DarajaError {
  if (error instanceof DarajaError) return error;
  if (error instanceof BreakerOpenError) {
    return new DarajaError(
      'not_sent',
      'breaker',
      'M-Pesa has failed several times in a row and is left alone for seconds',
    );
  }
  return new DarajaError('unclear', 'internal', 'the call of M-Pesa was cut short', { cause: error });
}
