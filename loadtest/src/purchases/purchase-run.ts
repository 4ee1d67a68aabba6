import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Instance } from '../instance.js';
import { withLedger } from '../ledger/open-ledger.js';
import type { Say } from '../radius/target.js';
import { createAccessProbe, type AccessProbe } from './access-probe.js';
import { type Buyer, makeBuyers } from './buyers.js';
import { createDarajaControl, type DarajaControl, type TruePush } from './daraja-control.js';
import { type Forgeries, sendForgeries } from './forger.js';
import { checkPurchases, type PurchaseCheck } from './purchase-check.js';
import { checkOnline, type Credentials, type OnlineCheck } from './online-check.js';
import { countOpen, readPurchaseRows, readSettled, type RunOfPurchases } from './purchase-rows.js';
import { requestFrom } from './request-from.js';
import { type Bought, buy, buyPatiently, type Goods, look, putOnSale, takeOffSale } from './shop.js';
import { settleByStatement, unknowable } from './statement.js';
import { findUsedReceipt } from './used-receipt.js';

export interface PurchaseRunOptions {
  readonly instance: Instance;
  /** Control endpoint of the Daraja that the service talks to. */
  readonly darajaControlUrl: string;
  readonly nas: { readonly nasAddress: string; readonly secret: string };
  readonly count: number;
  /** Purchases a second. */
  readonly rate: number;
  readonly forged: number;
  /** One in so many buyers is followed until the first login is accepted; 0: nobody. */
  readonly probeOneIn: number;
  /** Everybody who paid has to be let in at the end. Default false: only who is followed. */
  readonly everybodyLogsIn?: boolean;
  /** Things are being broken: who is refused tries again for so long, ms. 0: once and no more. */
  readonly patienceMs: number;
  /** Until then it is sold on, at most twice as many. */
  readonly breaking?: Promise<unknown>;
  /** Brings everything up again, when all is sold. */
  readonly recover?: () => Promise<void>;
  /** First phone of the run, 0 to 99,999,999. */
  readonly firstPhone: number;
  readonly say: Say;
  readonly signal: AbortSignal;
}

/** First login accepted, by phone, ms since 1970. */
type FirstLogins = ReadonlyMap<string, number | undefined>;

export interface PurchaseRun {
  readonly check: PurchaseCheck;
  readonly forgeries: Forgeries;
  /** How long each purchase call that was taken took, ms. */
  readonly callMs: readonly number[];
  /** Purchase calls that were never taken. */
  readonly refused: number;
  /** Calls that had to be made again. */
  readonly repeated: number;
  readonly perSecond: number;
  /** From the first callback until the first Access-Accept, ms; of those followed whose news came at once. */
  readonly accessMs: readonly number[];
  /** Followed, paid, and never let in. */
  readonly neverIn: number;
  /** Undefined where it was not asked for. */
  readonly online: OnlineCheck | undefined;
  /** Paid, and known to nobody before the statement was imported. */
  readonly byStatement: number;
}

/** 1 to 10 callbacks in any order, 1 in 20 late by more than half a minute, 1 in 20 never. */
const NEWS = { delayMs: 1_000, callbacks: [1, 10], shuffleMs: 3_000, lateShare: 0.05, lateMs: 35_000, lostShare: 0.05 };
const VICTIMS = 50;
const LOGIN_AGAIN_MS = 5_000;
const TOLD_EVERY_MS = 10_000;
const SETTLE_POLL_MS = 2_000;
/** All that is paid has to be known two minutes later; this leaves time to see when it was known instead. */
const SETTLE_WITHIN_MS = 360_000;
/** News that took longer was held back on purpose. */
const AT_ONCE_MS = 5_000;

interface Tally {
  readonly callMs: number[];
  refused: number;
  repeated: number;
}

/** Sells, breaks the news in every way, forges, waits, and compares the database with what the phones really paid. */
export async function runPurchases(options: PurchaseRunOptions): Promise<PurchaseRun> {
  const { instance, count, firstPhone, say, signal } = options;
  // Everybody who is followed listens to it.
  setMaxListeners(0, signal);
  const control = createDarajaControl(options.darajaControlUrl);
  const goods = await putOnSale(instance);
  const most = options.breaking === undefined ? count : count * 2;
  const [victims, buyers] = split(makeBuyers(most + VICTIMS, firstPhone));
  const run = { msisdns: buyers.map(({ msisdn }) => msisdn), since: new Date(Date.now() - 1_000) };
  const probe = createAccessProbe({ ...instance.radius, ...options.nas });
  try {
    await control.rule({ clear: true, ...NEWS });
    for (const { msisdn } of victims) await control.phone(msisdn, { outcome: 'silent' });
    const shop = createShop(options, goods, probe);
    for (const victim of victims) await shop.sell(victim);
    const startedMs = performance.now();
    const forging = forgeWhenPaid(options, control, victims, run);
    const first = sellToAll(options, shop, buyers);
    const [logins, forgeries] = await Promise.all([first, forging]);
    const perSecond = count / ((performance.now() - startedMs) / 1_000);
    await options.breaking;
    await options.recover?.();
    const pushes = await settle(options, control, run, [...victims, ...buyers]);
    const everybody = { ...run, msisdns: [...run.msisdns, ...victims.map(({ msisdn }) => msisdn)] };
    say('comparing the database with what the phones paid');
    const read = () => withLedger(instance.postgresUrl, (ledger) => readPurchaseRows(ledger, everybody));
    const unknown = unknowable((await read()).payments, pushes);
    await settleByStatement(instance, unknown);
    const rows = await read();
    const check = checkPurchases(rows, pushes, goods);
    signal.throwIfAborted();
    const followed = accessTimes(pushes, await logins());
    const online = options.everybodyLogsIn === true ? await logEverybodyIn(options, shop, pushes) : undefined;
    const byStatement = unknown.length;
    return { check, forgeries, ...shop.tally, perSecond, ...followed, online, byStatement };
  } finally {
    await probe.close();
    await control.rule({ clear: true }).catch(() => undefined);
    for (const { msisdn } of victims) await control.phone(msisdn, { clear: true }).catch(() => undefined);
    await takeOffSale(instance, goods).catch(() => undefined);
  }
}

function split(all: readonly Buyer[]): [victims: Buyer[], buyers: Buyer[]] {
  return [all.slice(0, VICTIMS), all.slice(VICTIMS)];
}

interface Shop {
  readonly tally: Tally;
  /** One purchase; follows the buyer where wished. Never rejects but for the signal. */
  sell(buyer: Buyer): Promise<Bought | undefined>;
  follow(buyer: Buyer, bought: Bought): Promise<number | undefined>;
  /** What the phone of a buyer is told to log in with; undefined: nothing. */
  credentialsOf(msisdn: string): Promise<Credentials | undefined>;
  isAccepted(msisdn: string, credentials: Credentials): Promise<boolean>;
}

function createShop(options: PurchaseRunOptions, goods: Goods, probe: AccessProbe): Shop {
  const { instance, patienceMs, say, signal } = options;
  const tally: Tally = { callMs: [], refused: 0, repeated: 0 };
  const sold = new Map<string, { buyer: Buyer; reference: string }>();
  return {
    tally,
    sell: async (buyer) => {
      try {
        const once = (): Promise<Bought> => buy(requestFrom, instance, goods, buyer);
        const bought = await buyPatiently(once, { withinMs: patienceMs, everyMs: 1_000, signal });
        tally.callMs.push(bought.tookMs);
        tally.repeated += bought.tries - 1;
        sold.set(buyer.msisdn, { buyer, reference: bought.reference });
        return bought;
      } catch (error) {
        signal.throwIfAborted();
        tally.refused += 1;
        if (tally.refused <= 3) say(`  ${error instanceof Error ? error.message : String(error)}`);
        return undefined;
      }
    },
    follow: (buyer, { reference }) =>
      probe.untilAccepted(buyer, () => look(requestFrom, instance, buyer, reference), signal),
    credentialsOf: async (msisdn) => {
      const known = sold.get(msisdn);
      if (known === undefined) return undefined;
      return (await look(requestFrom, instance, known.buyer, known.reference))?.credentials;
    },
    isAccepted: async (msisdn, credentials) => {
      const known = sold.get(msisdn);
      return known !== undefined && probe.isAccepted(known.buyer, credentials, signal);
    },
  };
}

/** An open loop: a slow service does not slow the buyers down. Gives a function that waits for those who are followed. */
async function sellToAll(
  { count, rate, probeOneIn, breaking, say, signal }: PurchaseRunOptions,
  shop: Shop,
  buyers: readonly Buyer[],
): Promise<() => Promise<FirstLogins>> {
  const logins = new Map<string, Promise<number | undefined>>();
  const selling: Promise<void>[] = [];
  const startedMs = performance.now();
  let toldMs = startedMs;
  let isOver = breaking === undefined;
  const over = (): void => void (isOver = true);
  breaking?.then(over, over);
  for (const [turn, buyer] of buyers.entries()) {
    if (turn >= count && isOver) break;
    const waitMs = startedMs + (turn * 1_000) / rate - performance.now();
    if (waitMs > 1) await delay(waitMs, undefined, { signal });
    const sale = shop.sell(buyer).then((bought) => {
      if (bought === undefined || probeOneIn === 0 || turn % probeOneIn !== 0) return;
      const login = shop.follow(buyer, bought);
      login.catch(() => undefined);
      logins.set(buyer.msisdn, login);
    });
    // Who stops in the middle is told by the loop itself.
    sale.catch(() => undefined);
    selling.push(sale);
    if (performance.now() - toldMs < TOLD_EVERY_MS) continue;
    toldMs = performance.now();
    say(`  ${turn + 1} of ${count} purchases`);
  }
  await Promise.all(selling);
  return async () => {
    const found = [...logins].map(async ([msisdn, login]) => [msisdn, await login] as const);
    return new Map(await Promise.all(found));
  };
}

/** The forger knows a receipt that was used already: somebody has to have paid first. */
async function forgeWhenPaid(
  { instance, forged, patienceMs, say, signal }: PurchaseRunOptions,
  control: DarajaControl,
  victims: readonly Buyer[],
  run: RunOfPurchases,
): Promise<Forgeries> {
  const endMs = performance.now() + SETTLE_WITHIN_MS;
  while (performance.now() < endMs) {
    await delay(1_000, undefined, { signal });
    const settled = () => withLedger(instance.postgresUrl, (ledger) => readSettled(ledger, run));
    const paid = await findUsedReceipt({ settled, pushesOf: (msisdn) => control.pushes(msisdn) });
    if (paid === undefined) continue;
    const forgery = { from: requestFrom, control, victims, paid, count: forged, patienceMs, signal };
    const forgeries = await sendForgeries(forgery);
    say(`  ${forgeries.sent} forged callbacks sent`);
    return forgeries;
  }
  throw new Error('nothing was paid within six minutes: is DARAJA_URL of the worker the stand-in?');
}

/** Three rounds: what is let in at the end is let in. */
async function logEverybodyIn(
  { say, signal }: PurchaseRunOptions,
  shop: Shop,
  pushes: readonly TruePush[],
): Promise<OnlineCheck> {
  const payers = [...new Set(pushes.filter(({ receipt }) => receipt !== null).map(({ msisdn }) => msisdn))];
  say(`logging in everybody who paid: ${payers.length}`);
  const pause = () => delay(LOGIN_AGAIN_MS, undefined, { signal });
  return checkOnline({ payers, credentialsOf: shop.credentialsOf, isAccepted: shop.isAccepted, pause });
}

/** Waits until nothing is open and no callback is to come, or for six minutes; gives what the phones say. */
async function settle(
  { instance, say, signal }: PurchaseRunOptions,
  control: DarajaControl,
  run: RunOfPurchases,
  people: readonly Buyer[],
): Promise<TruePush[]> {
  say('waiting until every purchase is decided');
  const endMs = performance.now() + SETTLE_WITHIN_MS;
  for (;;) {
    const waiting = await control.waiting();
    const open = await withLedger(instance.postgresUrl, (ledger) => countOpen(ledger, run)).catch(() => Infinity);
    if ((open === 0 && waiting === 0) || performance.now() > endMs) break;
    await delay(SETTLE_POLL_MS, undefined, { signal });
  }
  // What has just arrived is still being handled.
  await delay(SETTLE_POLL_MS, undefined, { signal });
  const ours = new Set(people.map(({ msisdn }) => msisdn));
  return (await control.pushes()).filter(({ msisdn }) => ours.has(msisdn));
}

function accessTimes(pushes: readonly TruePush[], logins: FirstLogins): Pick<PurchaseRun, 'accessMs' | 'neverIn'> {
  const accessMs: number[] = [];
  let neverIn = 0;
  for (const { msisdn, answeredAt, callbacks } of pushes) {
    if (!logins.has(msisdn) || answeredAt === null) continue;
    const inAt = logins.get(msisdn);
    const toldAt = Math.min(...callbacks.filter(({ outcome }) => outcome === 200).map(({ at }) => at));
    if (inAt === undefined) neverIn += 1;
    else if (toldAt - answeredAt < AT_ONCE_MS) accessMs.push(Math.max(0, inAt - toldAt));
  }
  return { accessMs, neverIn };
}
