import { createHash } from 'node:crypto';
import type { TruePush } from './daraja-control.js';
import type { EntryRow, PurchaseRows } from './purchase-rows.js';
import type { Goods } from './shop.js';

/** The database against what was really paid. All but the first four and the times have to be 0. */
export interface PurchaseCheck {
  readonly purchases: number;
  readonly paid: number;
  /** Paid, and no callback ever got through. */
  readonly lost: number;
  readonly succeeded: number;
  /** Paid, but not a success with access and one ledger entry. */
  readonly paidWithoutAccess: number;
  /** A success or a ledger entry without money. */
  readonly accessWithoutPayment: number;
  /** More than one ledger entry for a payment. */
  readonly doubleEntries: number;
  /** Customers whose access is not exactly what they paid for. */
  readonly wrongAccess: number;
  readonly wrongAmounts: number;
  readonly wrongReceipts: number;
  /** Payments for which a phone was asked more than once. */
  readonly askedTwice: number;
  readonly unbalanced: number;
  /** From the payment until it was settled, ms: the lost ones, the rest. */
  readonly lostSettledMs: readonly number[];
  readonly toldSettledMs: readonly number[];
  /** The first few differences, for people. */
  readonly examples: readonly string[];
}

const MOST_EXAMPLES = 8;
/** Times are stored in ms; a package counts in seconds. */
const ROUNDING_SECONDS = 1;
const MINOR_PER_SHILLING = 100n;

/** Payments keep the SHA-256 of the token that is the last part of their callback address. */
export function tokenHashOf(callbackUrl: string): string {
  const token = new URL(callbackUrl).pathname.split('/').at(-1) ?? '';
  return createHash('sha256').update(token).digest('base64url');
}

/** Whether the news of a push reached the service. */
export function wasTold({ callbacks }: TruePush): boolean {
  return callbacks.some(({ outcome }) => outcome === 200);
}

function countBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

/** What is compared, with the ways from one to the other. */
interface Books {
  readonly rows: PurchaseRows;
  readonly goods: Goods;
  /** What was paid, by the hash of its token. */
  readonly paidOf: ReadonlyMap<string, TruePush>;
  readonly entryOf: ReadonlyMap<string, EntryRow>;
  /** Keeps an example of what is wrong; gives 1. */
  readonly bad: (text: string) => number;
}

type OfPaid = Pick<PurchaseCheck, 'paidWithoutAccess' | 'wrongReceipts' | 'lostSettledMs' | 'toldSettledMs'>;
type OfPayments = Pick<PurchaseCheck, 'accessWithoutPayment' | 'doubleEntries' | 'wrongAmounts'>;

/** Everything that was paid must be a success with access and a ledger entry. */
function checkPaid({ rows, paidOf, entryOf, bad }: Books): OfPaid {
  const paymentOf = new Map(rows.payments.map((payment) => [payment.tokenHash ?? payment.id, payment]));
  const lostSettledMs: number[] = [];
  const toldSettledMs: number[] = [];
  let [paidWithoutAccess, wrongReceipts] = [0, 0];
  for (const [hash, push] of paidOf) {
    const payment = paymentOf.get(hash);
    const isWhole = payment?.state === 'succeeded' && payment.entitlementId !== null && entryOf.has(payment.id);
    if (!isWhole) {
      paidWithoutAccess += bad(`${push.msisdn} paid ${push.receipt}, payment ${payment?.id} is ${payment?.state}`);
      continue;
    }
    if (payment.receipt !== null && payment.receipt !== push.receipt) {
      wrongReceipts += bad(`payment ${payment.id} has receipt ${payment.receipt}, the phone has ${push.receipt}`);
    }
    const settledMs = (payment.settledMs ?? Number.NaN) - (push.answeredAt ?? Number.NaN);
    if (wasTold(push)) toldSettledMs.push(settledMs);
    // Without an id it was no query that told: see statement.ts.
    else if (payment.requestId !== null) lostSettledMs.push(settledMs);
  }
  return { paidWithoutAccess, wrongReceipts, lostSettledMs, toldSettledMs };
}

/** Everything that is a success, gave access or is in the ledger must have been paid, once and in this amount. */
function checkPayments({ rows, goods, paidOf, entryOf, bad }: Books): OfPayments {
  let [accessWithoutPayment, doubleEntries, wrongAmounts] = [0, 0, 0];
  for (const { id, state, msisdn, tokenHash, entitlementId, amountMinor, paidMinor } of rows.payments) {
    const push = tokenHash === null ? undefined : paidOf.get(tokenHash);
    const entry = entryOf.get(id);
    const counts = state === 'succeeded' || entitlementId !== null || entry !== undefined;
    if (push === undefined && counts) {
      accessWithoutPayment += bad(`payment ${id} (${msisdn}) is ${state}, nobody paid`);
    }
    if (entry !== undefined && entry.entries !== 1) {
      doubleEntries += bad(`payment ${id} has ${entry.entries} ledger entries`);
    }
    if (state !== 'succeeded') continue;
    const trulyMinor = BigInt(push?.amount ?? 0) * MINOR_PER_SHILLING;
    const amounts = [amountMinor, paidMinor, entry?.soldMinor, BigInt(goods.priceMinor)];
    if (amounts.some((amount) => amount !== trulyMinor) || entry?.sumMinor !== 0n) {
      wrongAmounts += bad(`payment ${id}: ${amounts.join(', ')} instead of ${trulyMinor}`);
    }
  }
  return { accessWithoutPayment, doubleEntries, wrongAmounts };
}

/** Every customer must have been given exactly the time of all successes together. */
function countWrongAccess({ rows, goods, bad }: Books): number {
  const successes = rows.payments.filter(({ state }) => state === 'succeeded');
  const bought = countBy(successes, ({ customerId }) => customerId ?? '');
  const given = new Map(rows.access.map(({ customerId, seconds }) => [customerId, seconds]));
  let wrong = 0;
  for (const customerId of new Set([...bought.keys(), ...given.keys()])) {
    const expected = (bought.get(customerId) ?? 0) * goods.validForSeconds;
    const seconds = given.get(customerId) ?? 0;
    if (Math.abs(seconds - expected) <= ROUNDING_SECONDS) continue;
    wrong += bad(`customer ${customerId} paid for ${expected} s and was given ${seconds} s`);
  }
  return wrong;
}

export function checkPurchases(rows: PurchaseRows, pushes: readonly TruePush[], goods: Goods): PurchaseCheck {
  const examples: string[] = [];
  const paid = pushes.filter(({ receipt }) => receipt !== null);
  const books: Books = {
    rows,
    goods,
    paidOf: new Map(paid.map((push) => [tokenHashOf(push.callbackUrl), push])),
    entryOf: new Map(rows.entries.map((entry) => [entry.paymentId, entry])),
    bad: (text) => {
      if (examples.length < MOST_EXAMPLES) examples.push(text);
      return 1;
    },
  };
  const asked = countBy(pushes, ({ callbackUrl }) => callbackUrl);
  return {
    purchases: rows.payments.length,
    paid: paid.length,
    lost: paid.filter((push) => !wasTold(push)).length,
    succeeded: rows.payments.filter(({ state }) => state === 'succeeded').length,
    ...checkPaid(books),
    ...checkPayments(books),
    wrongAccess: countWrongAccess(books),
    askedTwice: [...asked.values()].filter((count) => count > 1).length,
    unbalanced: rows.unbalanced,
    examples,
  };
}
