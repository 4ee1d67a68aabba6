import type { CustomersService } from '@turnpike/features/customers/customers.service.js';
import type { EntitlementsService } from '@turnpike/features/entitlements/entitlements.service.js';
import { takeBackOffer } from '@turnpike/features/entitlements/take-back.js';
import type { PackagesService } from '@turnpike/features/packages/packages.service.js';
import { createCallbackIntake, type CallbackOutcome } from '@turnpike/features/payments/callback-intake.js';
import { createCallbackTokens } from '@turnpike/features/payments/callback-token.js';
import { cashProvider } from '@turnpike/features/payments/cash/cash-provider.js';
import { createMpesaProvider, paybillProvider } from '@turnpike/features/payments/mpesa/mpesa-provider.js';
import { createParkedCallbacks } from '@turnpike/features/payments/parked-callbacks.js';
import { paymentNews } from '@turnpike/features/payments/payment-news.js';
import { createRefund } from '@turnpike/features/payments/payment-refund.js';
import { paymentRoutes } from '@turnpike/features/payments/payments.routes.js';
import { createPaymentsService } from '@turnpike/features/payments/payments.service.js';
import { providersOf } from '@turnpike/features/payments/provider.js';
import { createPurchaseLimits } from '@turnpike/features/payments/purchase-limits.js';
import { countedPurchases } from '@turnpike/features/payments/counted-purchases.js';
import { createPurchases } from '@turnpike/features/payments/purchases.js';
import { settlementParts } from '@turnpike/features/payments/settlement-parts.js';
import { createSettlement } from '@turnpike/features/payments/settlement.js';
import { walletProvider } from '@turnpike/features/payments/wallet/wallet-provider.js';
import { createCrashPoints } from '@turnpike/runtime/crash-files.js';
import type { FeatureDeps } from './feature-routes.js';

interface PaymentDeps extends Pick<
  FeatureDeps,
  | 'config'
  | 'settings'
  | 'stores'
  | 'secretBox'
  | 'live'
  | 'metrics'
  | 'tracing'
  | 'logger'
  | 'wake'
  | 'clock'
  | 'prefix'
> {
  readonly packages: PackagesService;
  readonly customers: CustomersService;
  readonly entitlements: EntitlementsService;
}

/** Payments as customers, providers and operators meet them. Only the worker asks a provider for anything. */
export function paymentFeatures(deps: PaymentDeps) {
  const { config, settings, stores, secretBox, live, metrics, wake, clock, prefix, packages, customers, entitlements } =
    deps;
  const { db, transact } = stores.database;
  const crash = createCrashPoints({ directory: config.TURNPIKE_CRASH_DIR, logger: deps.logger });
  const tokens = createCallbackTokens(config.ENCRYPTION_KEYS.map((key) => key.reveal()));
  const mpesa = createMpesaProvider({ client: () => undefined, tokens, publicUrl: config.publicUrl });
  const providers = providersOf(mpesa, paybillProvider, cashProvider, walletProvider);
  const parts = settlementParts({ customers, secretBox, clock, mostDevices: config.CUSTOMER_DEVICES });
  const purchases = countedPurchases(
    metrics,
    createPurchases({
      db,
      transact,
      packages,
      customers,
      entitlements,
      mpesa,
      tokens,
      isSetUp: () => settings.mpesa().url !== null,
      limits: createPurchaseLimits({ redis: stores.counters, pepper: config.TOKEN_PEPPER, prefix }),
      secretBox,
      wake,
      clock,
      crash,
    }),
  );
  const payments = createPaymentsService({
    db,
    transact,
    purchases,
    settle: createSettlement({ ...parts, providers, clock, tracing: deps.tracing }),
    refundInTx: createRefund({
      ...parts,
      providers,
      clock,
      takeBack: (tx, order) => takeBackOffer(tx, { customers, clock }, order),
    }),
    packages,
    customers,
    clock,
    moved: paymentNews({ db, publish: (event) => live.publish(event), wake, metrics, role: 'api' }),
  });
  const callbacks = metrics.counter('turnpike_api_payment_callbacks_total', 'What providers sent, by outcome', [
    'outcome',
  ]);
  const intake = createCallbackIntake({
    sql: db,
    tokens,
    parked: createParkedCallbacks({ redis: stores.durable, secretBox, prefix }),
    allow: () => settings.mpesa().callbackAllow,
    paybillToken: () => settings.mpesa().c2bToken ?? undefined,
    wake,
    count: (outcome: CallbackOutcome) => callbacks.inc({ outcome }),
    crash,
  });
  return { payments, purchases, routes: paymentRoutes({ payments, intake }) };
}
