import { setTimeout as delay } from 'node:timers/promises';
import { withLedger } from '../ledger/open-ledger.js';
import { makeBuyers } from '../purchases/buyers.js';
import { createDarajaControl, type DarajaControl } from '../purchases/daraja-control.js';
import { checkPurchases, type PurchaseCheck } from '../purchases/purchase-check.js';
import { countOpen, readPurchaseRows, type RunOfPurchases } from '../purchases/purchase-rows.js';
import { putOnSale, type Goods } from '../purchases/shop.js';
import { darajaEnv, startSimulator } from '../simulator.js';
import { seriesOf } from './k6-series.js';
import { costFigures, measured } from './mix-run.js';
import type { K6Scenario } from './scenario.js';
import { figuresOf, readSlo, statOf } from './slo.js';
import { withStage, type Stage } from './stage.js';

export const PAYMENT_BURST_WHOLE = { RATE: 20, SECONDS: 60 };
/** As people take to type their PIN, shorter: what is measured is what we take. */
const PHONES = { clear: true, delayMs: 1_000 };
const GIVEN_UP_SECONDS = 60;
const SPARE_BUYERS = 50;
const SETTLE_WITHIN_MS = 120_000;
const POLL_MS = 1_000;

/** Purchases at a rate, each paid by its phone, until each buyer may log in; then the database against what the phones paid. */
export const paymentBurst: K6Scenario = async (config, say, signal) => {
  const bounds = await readSlo(config.root, 'payment-burst');
  const rate = config.RATE ?? PAYMENT_BURST_WHOLE.RATE;
  const seconds = config.SECONDS ?? PAYMENT_BURST_WHOLE.SECONDS;
  const simulator = await startSimulator(config, 1, 0);
  try {
    const control = createDarajaControl(`${simulator.controlUrl}/daraja`);
    await control.rule(PHONES);
    return await withStage({ config, say, signal, env: darajaEnv(simulator) }, async (stage) => {
      const goods = await putOnSale(stage.own.instance);
      const buyers = makeBuyers(Math.ceil(rate * seconds) + SPARE_BUYERS, 50_000_000);
      const since = new Date(Date.now() - 1_000);
      say(`${rate} purchases a second for ${seconds} s`);
      const env = { RATE: rate, SECONDS: seconds, GIVEN_UP_SECONDS };
      const data = { packageId: goods.packageId, buyers };
      const run = await measured(stage, () => stage.run('payment-burst', env, data));
      say('comparing the database with what the phones paid');
      const msisdns = buyers.map(({ msisdn }) => msisdn);
      const check = await compared(stage, { control, goods, run: { msisdns, since } });
      for (const example of check.examples) say(`  ${example}`);
      const trend = (name: string, metric: string, stat: string, unit: string) => {
        return { name, value: statOf(run.metrics, metric, stat), unit };
      };
      return {
        figures: [
          ...figuresOf(bounds, run.metrics, measuredOf(check)),
          { name: 'purchases', value: check.purchases, unit: '', atLeast: Math.floor(rate * seconds) },
          { name: 'paid by a phone', value: check.paid, unit: '', atLeast: check.purchases },
          { name: 'succeeded', value: check.succeeded, unit: '', atLeast: check.paid },
          trend('purchase call, p50', 'purchase_ms', 'med', 'ms'),
          trend('purchase call, p99', 'purchase_ms', 'p(99)', 'ms'),
          trend('from the button to the login, p50', 'paid_s', 'med', 's'),
          trend('from the button to the login, slowest', 'paid_s', 'max', 's'),
          ...costFigures(run),
        ],
        series: seriesOf(run.seconds),
      };
    });
  } finally {
    await simulator.stop();
  }
};

function measuredOf(check: PurchaseCheck): Record<string, number> {
  return {
    'paid without access': check.paidWithoutAccess,
    'access without payment': check.accessWithoutPayment,
    'ledger entries too many': check.doubleEntries,
    'phones asked twice for one purchase': check.askedTwice,
    'wrong amounts': check.wrongAmounts,
  };
}

async function compared(
  { own, signal }: Stage,
  { control, goods, run }: { control: DarajaControl; goods: Goods; run: RunOfPurchases },
): Promise<PurchaseCheck> {
  const endMs = performance.now() + SETTLE_WITHIN_MS;
  return withLedger(own.instance.postgresUrl, async (ledger) => {
    while (performance.now() < endMs) {
      if ((await countOpen(ledger, run)) === 0 && (await control.waiting()) === 0) break;
      await delay(POLL_MS, undefined, { signal });
    }
    return checkPurchases(await readPurchaseRows(ledger, run), await control.pushes(), goods);
  });
}
