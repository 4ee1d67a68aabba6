import type { SimTime } from '../router/sim-time.js';
import { seededChance } from '../seeded-chance.js';
import { transactionError } from './daraja-error.js';
import { nairobiTimestamp } from './nairobi-time.js';
import type { PayerRule } from './payer-rules.js';
import type { PushRequest } from './push-request.js';
import { type PushResult, resultOf } from './result-codes.js';

/** One try to tell the merchant. */
export interface Delivery {
  readonly at: Date;
  /** HTTP status, or why there was none. */
  readonly outcome: number | string;
  readonly tookMs: number;
}

export interface Push {
  readonly merchantRequestId: string;
  readonly checkoutRequestId: string;
  readonly request: PushRequest;
  readonly rule: PayerRule;
  readonly askedAt: Date;
  readonly askedMs: number;
  /** 0 <= x < 1 for each name; the same in every run with this seed. */
  readonly chance: (name: string) => number;
  answeredAt: Date | undefined;
  result: PushResult | undefined;
  /** Only of a paid one. */
  receipt: string | undefined;
  readonly deliveries: Delivery[];
}

/** Money that moved. */
export interface PaidRow {
  readonly receipt: string;
  /** Null for a payment to the paybill number. */
  readonly checkoutRequestId: string | null;
  readonly msisdn: string;
  /** Shillings. */
  readonly amount: number;
  readonly accountReference: string;
  readonly at: Date;
}

export interface PushBook {
  /** Asks the phone; `answered` is called when it has. Errors: 500.001.1001 while an earlier push is on this phone. */
  ask(request: PushRequest, rule: PayerRule, answered: (push: Push) => void): Push;
  find(checkoutRequestId: string): Push | undefined;
  pushes(msisdn?: string): Push[];
  paid(): readonly PaidRow[];
  newReceipt(): string;
  /** Money has moved. */
  enter(payment: PaidRow): void;
  /** Forgets everything; phones that have not answered will not. */
  reset(): void;
}

/** A phone that does not answer is free for the next push after this. */
const LOCKED_MS = 60_000;
/** A stand-in that runs for weeks must not grow: the oldest go. */
const MOST_KEPT = 200_000;
const SIGNS = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789';
const FIRST_YEAR = 2006;

/** `value` in `length` signs; what is too large loses its highest ones. */
function inSigns(value: number, length: number): string {
  let text = '';
  for (let left = value; text.length < length; left = Math.floor(left / SIGNS.length)) {
    text = (SIGNS[left % SIGNS.length] ?? '') + text;
  }
  return text;
}

/** Ten signs: year, month, day, second of the day, serial number. Also one after a restart is like none before it. */
function receiptOf(at: Date, serial: number): string {
  const day = [at.getUTCFullYear() - FIRST_YEAR, at.getUTCMonth(), at.getUTCDate()];
  const second = Math.floor(at.getTime() / 1_000) % 86_400;
  return day.map((part) => inSigns(part, 1)).join('') + inSigns(second, 4) + inSigns(serial, 3);
}

export function createPushBook({ seed, time }: { seed: number; time: SimTime }): PushBook {
  const pushes = new Map<string, Push>();
  const latestOf = new Map<string, Push>();
  const askedOf = new Map<string, number>();
  const alarms = new Set<() => void>();
  let paid: PaidRow[] = [];
  let serial = 0;

  function isLocked(msisdn: string): boolean {
    const latest = latestOf.get(msisdn);
    return latest !== undefined && latest.result === undefined && time.monotonicMs() - latest.askedMs < LOCKED_MS;
  }

  function keep(push: Push): void {
    pushes.set(push.checkoutRequestId, push);
    latestOf.set(push.request.PhoneNumber, push);
    const [oldest] = pushes.keys();
    if (pushes.size > MOST_KEPT && oldest !== undefined) pushes.delete(oldest);
  }

  function newReceipt(): string {
    serial += 1;
    return receiptOf(time.now(), serial);
  }

  function enter(payment: PaidRow): void {
    paid.push(payment);
    if (paid.length > MOST_KEPT) paid = paid.slice(MOST_KEPT / 2);
  }

  function answer(push: Push): void {
    const { outcome } = push.rule;
    if (outcome === 'silent') return;
    push.result = resultOf(outcome);
    const at = time.now();
    push.answeredAt = at;
    if (outcome !== 'paid') return;
    const receipt = newReceipt();
    push.receipt = receipt;
    const { PhoneNumber: msisdn, Amount: amount, AccountReference: accountReference } = push.request;
    enter({ receipt, checkoutRequestId: push.checkoutRequestId, msisdn, amount, accountReference, at });
  }

  return {
    ask: (request, rule, answered) => {
      const msisdn = request.PhoneNumber;
      if (isLocked(msisdn)) throw transactionError(resultOf('1001').description);
      serial += 1;
      const turn = (askedOf.get(msisdn) ?? 0) + 1;
      askedOf.set(msisdn, turn);
      const stamp = nairobiTimestamp(time.now());
      const push: Push = {
        merchantRequestId: `${10_000 + (serial % 90_000)}-${stamp.slice(6)}-1`,
        checkoutRequestId: `ws_CO_${stamp}${String(serial).padStart(9, '0')}`,
        request,
        rule,
        askedAt: time.now(),
        askedMs: time.monotonicMs(),
        chance: (name) => seededChance(seed, `${msisdn}/${turn}/${name}`),
        answeredAt: undefined,
        result: undefined,
        receipt: undefined,
        deliveries: [],
      };
      keep(push);
      const takeBack = time.after(rule.delayMs, () => {
        alarms.delete(takeBack);
        answer(push);
        if (push.result !== undefined) answered(push);
      });
      alarms.add(takeBack);
      return push;
    },
    find: (id) => pushes.get(id),
    pushes: (msisdn) =>
      [...pushes.values()].filter((push) => msisdn === undefined || push.request.PhoneNumber === msisdn),
    paid: () => paid,
    newReceipt,
    enter,
    reset: () => {
      for (const takeBack of alarms) takeBack();
      alarms.clear();
      pushes.clear();
      latestOf.clear();
      askedOf.clear();
      paid = [];
    },
  };
}
