import type { Figure } from '../results.js';
import type { OnlineCheck } from './online-check.js';
import { percentile } from './percentile.js';
import type { PurchaseRun } from './purchase-run.js';

const MAX_CALL_MS = 150;
const MAX_CALLBACK_MS = 200;
const MAX_ACCESS_MS = 2_000;
const MAX_LOST_S = 120;

/** What must be exact, whatever is broken meanwhile. `atLeast`: so many buyers must have been asked, have paid and got it. */
export function exactFigures({ check, forgeries, online, byStatement }: PurchaseRun, atLeast: number): Figure[] {
  const none = (name: string, value: number): Figure => ({ name, value, unit: '', atMost: 0 });
  return [
    { name: 'purchases', value: check.purchases, unit: '' },
    { name: 'paid by a phone', value: check.paid, unit: '', atLeast },
    { name: 'succeeded', value: check.succeeded, unit: '', atLeast },
    { name: 'paid, and no callback ever arrived', value: check.lost, unit: '' },
    // Who dies between M-Pesa's answer and writing it down, when the callback is lost too, leaves nobody who knows.
    { name: 'of these: known to nobody before the statement', value: byStatement, unit: '', atMost: atLeast * 0.01 },
    none('paid without access', check.paidWithoutAccess),
    none('access without payment', check.accessWithoutPayment),
    none('ledger entries too many', check.doubleEntries),
    none('customers with another time than paid for', check.wrongAccess),
    none('wrong amounts', check.wrongAmounts),
    none('wrong receipts', check.wrongReceipts),
    none('phones asked twice for one purchase', check.askedTwice),
    none('trial balance, accounts that do not add up', check.unbalanced),
    { name: 'forged callbacks', value: forgeries.sent, unit: '' },
    ...(online === undefined ? [] : onlineFigures(online)),
    { name: 'lost ones known by query, slowest', value: slowest(check.lostSettledMs), unit: 's', atMost: MAX_LOST_S },
    { name: 'told ones settled, slowest', value: slowest(check.toldSettledMs), unit: 's' },
  ];
}

/** Every one of those who paid, and no sample of them. */
function onlineFigures({ paid, asked, accepted }: OnlineCheck): Figure[] {
  return [
    { name: 'phones that paid', value: paid, unit: '' },
    { name: 'of these: sent an Access-Request', value: asked, unit: '', atLeast: paid },
    { name: 'of these: got an Access-Accept', value: accepted, unit: '', atLeast: paid },
  ];
}

function slowest(times: readonly number[]): number {
  return times.length === 0 ? 0 : Math.max(...times) / 1_000;
}

/** What is measured where nothing is broken. */
export function speedFigures(run: PurchaseRun): Figure[] {
  const { callMs, forgeries, accessMs } = run;
  const ms = (name: string, value: number, atMost?: number): Figure => {
    return { name, value, unit: 'ms', ...(atMost === undefined ? {} : { atMost }) };
  };
  return [
    { name: 'purchases per second', value: run.perSecond, unit: '/s' },
    { name: 'purchase calls refused', value: run.refused, unit: '', atMost: 0 },
    ms('purchase call, median', percentile(callMs, 50)),
    ms('purchase call, p95', percentile(callMs, 95), MAX_CALL_MS),
    ms('callback answered, p95', percentile(forgeries.tookMs, 95), MAX_CALLBACK_MS),
    { name: 'forged callbacks answered wrongly', value: forgeries.wronglyAnswered, unit: '', atMost: 0 },
    { name: 'followed until the first login', value: accessMs.length, unit: '', atLeast: 1 },
    { name: 'followed and never let in', value: run.neverIn, unit: '', atMost: 0 },
    ms('callback to Access-Accept, median', percentile(accessMs, 50)),
    ms('callback to Access-Accept, p95', percentile(accessMs, 95), MAX_ACCESS_MS),
  ];
}
