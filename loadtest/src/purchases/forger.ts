import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Buyer } from './buyers.js';
import type { DarajaControl, TruePush } from './daraja-control.js';
import type { HttpAnswer } from '../http-ask.js';
import type { RequestFrom } from './request-from.js';

/** What a forged callback gets wrong. All but the first know the secret address of a payment that is not paid. */
const KINDS = ['token', 'amount', 'request id', 'phone', 'used receipt'] as const;
type Kind = (typeof KINDS)[number];

export interface Forgeries {
  readonly sent: number;
  /** Answered otherwise than they should be: 404 for a wrong token, else 200. */
  readonly wronglyAnswered: number;
  readonly tookMs: number[];
}

interface Forged {
  readonly url: string;
  readonly body: object;
  readonly expected: number;
}

const AGAIN_MS = 1_000;
const STRANGER = '254700000001';

function forge(kind: Kind, victim: TruePush, paid: TruePush): Forged {
  const made = randomBytes(4).toString('hex').toUpperCase();
  const receipt = kind === 'used receipt' && paid.receipt !== null ? paid.receipt : `F${made}X`;
  const wrongToken = victim.callbackUrl.replace(/[^/]+$/, randomBytes(32).toString('base64url'));
  const item = [
    { Name: 'Amount', Value: kind === 'amount' ? 1 : victim.amount },
    { Name: 'MpesaReceiptNumber', Value: receipt },
    { Name: 'Balance' },
    { Name: 'TransactionDate', Value: 20260101120000 },
    { Name: 'PhoneNumber', Value: Number(kind === 'phone' ? STRANGER : victim.msisdn) },
  ];
  const stkCallback = {
    MerchantRequestID: '1-1-1',
    CheckoutRequestID: kind === 'request id' ? paid.checkoutRequestId : victim.checkoutRequestId,
    ResultCode: 0,
    ResultDesc: 'The service request is processed successfully.',
    CallbackMetadata: { Item: item },
  };
  return {
    url: kind === 'token' ? wrongToken : victim.callbackUrl,
    body: { Body: { stkCallback } },
    expected: kind === 'token' ? 404 : 200,
  };
}

interface ForgerOptions {
  readonly from: RequestFrom;
  readonly control: DarajaControl;
  readonly victims: readonly Buyer[];
  readonly paid: TruePush;
  readonly count: number;
  /** Who is not answered tries again for so long, ms. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

/** Sends `count` forged callbacks, one kind a victim: phones that were asked and do not pay. */
export async function sendForgeries(options: ForgerOptions): Promise<Forgeries> {
  const { control, victims, paid, count, signal } = options;
  const pushes: TruePush[] = [];
  for (const { msisdn } of victims) pushes.push(...(await control.pushes(msisdn)));
  const tookMs: number[] = [];
  let wronglyAnswered = 0;
  for (let number = 0; number < count && pushes.length > 0; number += 1) {
    signal.throwIfAborted();
    const at = number % pushes.length;
    const victim = pushes[at];
    if (victim === undefined) continue;
    const { url, body, expected } = forge(KINDS[at % KINDS.length] ?? 'token', victim, paid);
    const answer = await answered(options, url, body);
    tookMs.push(answer.tookMs);
    if (answer.status !== expected) wronglyAnswered += 1;
  }
  return { sent: tookMs.length, wronglyAnswered, tookMs };
}

/** A forger has time: what was not answered at all, or by nobody but a gateway, is sent again. */
async function answered({ from, patienceMs, signal }: ForgerOptions, url: string, body: object): Promise<HttpAnswer> {
  const endMs = performance.now() + patienceMs;
  for (;;) {
    try {
      const answer = await from('127.0.0.1', 'POST', url, body);
      if (answer.status < 500 || performance.now() > endMs) return answer;
    } catch (error) {
      if (performance.now() > endMs) throw error;
    }
    await delay(AGAIN_MS, undefined, { signal });
  }
}
