import { Secret } from '@turnpike/core/secret.js';
import type { Sql } from '@turnpike/db/sql.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { openTestRedis } from '@turnpike/testkit/test-redis.js';
import { openShop } from '../entitlements/shop-rig.js';
import { takeBackOffer } from '../entitlements/take-back.js';
import { createCallbackIntake, type CallbackOutcome } from './callback-intake.js';
import { createCallbackTokens } from './callback-token.js';
import { cashProvider } from './cash/cash-provider.js';
import { createDarajaClient } from './mpesa/daraja-client.js';
import { createDarajaHttp } from './mpesa/daraja-http.js';
import { createMpesaProvider, paybillProvider } from './mpesa/mpesa-provider.js';
import { createPaybillPayments } from './paybill-payments.js';
import { createParkedMover } from './move-parked.js';
import { createParkedCallbacks } from './parked-callbacks.js';
import { createMessageHandler } from './payment-messages.js';
import { createRefund } from './payment-refund.js';
import { createPaymentRequest } from './payment-request.js';
import { createPaymentsService } from './payments.service.js';
import { createReconcile } from './payments-reconcile.js';
import { providersOf } from './provider.js';
import { createPurchaseLimits } from './purchase-limits.js';
import { createPurchases } from './purchases.js';
import { settlementParts } from './settlement-parts.js';
import { createSettlement, type SettlementParts } from './settlement.js';
import { openTestDaraja } from './test-daraja.js';
import { walletProvider } from './wallet/wallet-provider.js';

export type PaymentsRig = Awaited<ReturnType<typeof openPaymentsRig>>;

export const SHORTCODE = '600123';
export const PAYBILL_TOKEN = 'paybill-token-0123456789';
const PUBLIC_URL = 'http://portal.test';
const forever = new AbortController().signal;

/** Everything from a purchase to access, over real stores and a scripted M-Pesa API; jobs run when the test says so. */
export async function openPaymentsRig() {
  const [shop, redis, daraja] = await Promise.all([openShop(), openTestRedis('durable'), openTestDaraja()]);
  const { db, transact, clock, secretBox, packages, customers, entitlements, keys } = shop;
  const metrics = createMetrics({ role: 'test', instance: 'test', processMetrics: false });
  const logger = createLogger({ level: 'silent', role: 'test', instance: 'test' });
  const tokens = createCallbackTokens(keys);
  const settings = {
    url: daraja.url,
    consumerKey: new Secret('key'),
    consumerSecret: new Secret('secret'),
    shortcode: SHORTCODE,
    passkey: new Secret('passkey'),
  };
  const client = createDarajaClient({ settings, http: createDarajaHttp({ answerMs: 1_000 }), clock, metrics });
  const mpesa = createMpesaProvider({ client: () => client, tokens, publicUrl: PUBLIC_URL });
  const providers = providersOf(mpesa, paybillProvider, cashProvider, walletProvider);
  const events: string[] = [];
  const moved = async (id: string): Promise<void> => void events.push(id);
  const callbacks: CallbackOutcome[] = [];
  const parts = settlementParts({ customers, secretBox, clock });

  /** `changed`: in place of the real parts, to have a settlement fail at one of them. */
  const handlersWith = (changed: Partial<SettlementParts> = {}) => {
    const settle = createSettlement({ ...parts, ...changed, providers, clock });
    const paybill = createPaybillPayments({ settle, packages, shortcode: () => SHORTCODE });
    const handleMessage = createMessageHandler({ transact, settle, paybill, providers, clock, moved });
    return {
      settle,
      handleMessage,
      requestPayment: createPaymentRequest({ db, transact, providers, settle, clock, moved }),
      reconcile: createReconcile({ db, transact, providers, settle, handleMessage, clock, logger, moved }),
    };
  };
  const handlers = handlersWith();
  /** With a store that fails when the test says so. */
  const requestWith = (changed: { transact: typeof transact; waitMs: number }) =>
    createPaymentRequest({ db, providers, settle: handlers.settle, clock, moved, ...changed });
  const newLimits = () =>
    createPurchaseLimits({ redis: redis.redis, pepper: new Secret('p'.repeat(32)), prefix: redis.prefix });
  const newPurchases = (isSetUp = true) =>
    createPurchases({
      db,
      transact,
      packages,
      customers,
      entitlements,
      mpesa,
      tokens,
      isSetUp: () => isSetUp,
      limits: newLimits(),
      secretBox,
      wake: () => undefined,
      clock,
    });
  const purchases = newPurchases();
  const takeBack: Parameters<typeof createRefund>[0]['takeBack'] = (tx, order) =>
    takeBackOffer(tx, { customers, clock }, order);
  const service = createPaymentsService({
    db,
    transact,
    purchases,
    settle: handlers.settle,
    refundInTx: createRefund({ ...parts, providers, clock, takeBack }),
    packages,
    customers,
    clock,
    moved,
  });
  const parked = createParkedCallbacks({ redis: redis.redis, secretBox, prefix: redis.prefix });
  const moveParked = createParkedMover({ sql: db, parked, wake: () => undefined, logger });
  /** `sql`: in place of the database, to take it away. */
  const newIntake = (allow: readonly string[] = [], changed: { sql?: Sql; patienceMs?: number } = {}) =>
    createCallbackIntake({
      sql: db,
      tokens,
      parked,
      allow: () => allow,
      paybillToken: () => new Secret(PAYBILL_TOKEN),
      wake: () => undefined,
      count: (outcome) => void callbacks.push(outcome),
      ...changed,
    });
  const intake = newIntake();

  /** Runs what is in the outbox for payments, and what that brings, so many at a time; jobs that fail stay. */
  async function runJobs({ atOnce = 1, use = handlers } = {}): Promise<unknown[]> {
    const failures: unknown[] = [];
    for (;;) {
      const rows = await db.outboxMessage.findMany({
        where: { job: { in: ['payment.request', 'payment.message'] }, publishedAt: null },
        orderBy: { id: 'asc' },
        take: 500,
      });
      const done: string[] = [];
      for (let from = 0; from < rows.length; from += atOnce) {
        await Promise.all(
          rows.slice(from, from + atOnce).map(async ({ id, job, payload }) => {
            try {
              const [subject = ''] = Object.values(payload as Record<string, string>);
              await (job === 'payment.request' ? use.requestPayment : use.handleMessage)(subject, forever);
              done.push(id);
            } catch (error) {
              failures.push(error);
            }
          }),
        );
      }
      await db.outboxMessage.updateMany({ where: { id: { in: done } }, data: { publishedAt: clock.now() } });
      if (done.length === 0) return failures;
    }
  }

  const payment = (reference: string) => db.payment.findUniqueOrThrow({ where: { reference } });
  return {
    ...shop,
    redis,
    daraja,
    requestWith,
    client,
    mpesa,
    providers,
    tokens,
    metrics,
    handlers,
    handlersWith,
    purchases,
    newPurchases,
    newLimits,
    service,
    intake,
    newIntake,
    parked,
    moveParked: () => moveParked(forever),
    callbacks,
    events,
    runJobs,
    payment,
    reconcile: () => handlers.reconcile(forever),
    /** Lets seconds pass and looks at what is due. */
    later: async (seconds: number): Promise<number> => {
      clock.advance(seconds * 1_000);
      return handlers.reconcile(forever);
    },
    /** A purchase whose phone has been asked; with the token in its callback address. */
    asked: async (packageId: string, msisdn = '0712345678', mac?: string) => {
      const { reference } = await purchases.start({ packageId, msisdn, mac, createdBy: 'portal' });
      await runJobs();
      const row = await payment(reference);
      return { reference, id: row.id, token: tokens.of(row.id), checkoutId: row.providerRequestId ?? '' };
    },
    /** M-Pesa says something about a payment, and it is handled. */
    told: async (token: string, raw: string): Promise<unknown[]> => {
      await intake.callback({ token, raw, ip: '127.0.0.1' });
      return runJobs();
    },
    /** Sum of the postings of one kind of account. */
    balance: async (kind: string): Promise<bigint> => {
      const { _sum } = await db.ledgerAccount.aggregate({ where: { kind }, _sum: { balanceMinor: true } });
      return _sum.balanceMinor ?? 0n;
    },
    forget: async () => {
      await db.$executeRaw`ALTER TABLE ledger_entry DISABLE TRIGGER USER`;
      await db.$executeRaw`ALTER TABLE ledger_posting DISABLE TRIGGER USER`;
      for (const table of [db.ledgerPosting, db.ledgerEntry, db.ledgerAccount] as const) {
        await (table as typeof db.ledgerAccount).deleteMany();
      }
      await db.$executeRaw`ALTER TABLE ledger_entry ENABLE TRIGGER USER`;
      await db.$executeRaw`ALTER TABLE ledger_posting ENABLE TRIGGER USER`;
      await db.paymentMessage.deleteMany();
      await db.payment.deleteMany();
      await db.statementLine.deleteMany();
      await db.notification.deleteMany();
      await db.sessionCommand.deleteMany();
      await db.session.deleteMany();
      await db.entitlement.deleteMany();
      await db.customer.deleteMany();
      await shop.forgetJobs();
      await redis.flush();
      daraja.pushes.length = 0;
      daraja.asked.clear();
      events.length = 0;
      callbacks.length = 0;
    },
    close: async () => {
      await Promise.all([shop.close(), redis.close(), daraja.close()]);
    },
  };
}
