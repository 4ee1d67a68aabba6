import type { Clock } from '@turnpike/core/clock.js';
import type { CrashPoints } from '@turnpike/core/crash-points.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Database } from '@turnpike/db/database.js';
import type { CustomersService } from '@turnpike/features/customers/customers.service.js';
import type { PackagesService } from '@turnpike/features/packages/packages.service.js';
import { createCallbackTokens } from '@turnpike/features/payments/callback-token.js';
import { cashProvider } from '@turnpike/features/payments/cash/cash-provider.js';
import { createDarajaClient, type DarajaClient } from '@turnpike/features/payments/mpesa/daraja-client.js';
import { darajaDuration } from '@turnpike/features/payments/mpesa/daraja-metrics.js';
import { createDarajaHttp } from '@turnpike/features/payments/mpesa/daraja-http.js';
import { tracedDarajaHttp } from '@turnpike/features/payments/mpesa/traced-daraja-http.js';
import { createMpesaProvider, paybillProvider } from '@turnpike/features/payments/mpesa/mpesa-provider.js';
import { createPaybillRegistration } from '@turnpike/features/payments/mpesa/paybill-registration.js';
import { createParkedMover } from '@turnpike/features/payments/move-parked.js';
import { createParkedCallbacks } from '@turnpike/features/payments/parked-callbacks.js';
import { createPaybillPayments } from '@turnpike/features/payments/paybill-payments.js';
import { createMessageHandler } from '@turnpike/features/payments/payment-messages.js';
import { paymentNews } from '@turnpike/features/payments/payment-news.js';
import { createPaymentRequest } from '@turnpike/features/payments/payment-request.js';
import { paymentsJobs } from '@turnpike/features/payments/payments.jobs.js';
import { createReconcile } from '@turnpike/features/payments/payments-reconcile.js';
import { providersOf } from '@turnpike/features/payments/provider.js';
import { settlementParts } from '@turnpike/features/payments/settlement-parts.js';
import { createSettlement } from '@turnpike/features/payments/settlement.js';
import { walletProvider } from '@turnpike/features/payments/wallet/wallet-provider.js';
import type { LiveBus } from '@turnpike/runtime/live-bus.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';
import type { Redis } from '@turnpike/runtime/redis.js';
import type { Tracing } from '@turnpike/runtime/tracing/tracing.js';
import { darajaSettings, type MpesaSettings } from '@turnpike/features/settings/setting-groups.js';
import type { SettingsReader } from '@turnpike/features/settings/settings-reader.js';
import type { WorkerConfig } from './config.js';

export interface PaymentsSideDeps {
  readonly config: WorkerConfig;
  readonly settings: Pick<SettingsReader, 'mpesa'>;
  readonly database: Database;
  readonly durable: Redis;
  readonly prefix: string;
  readonly secretBox: SecretBox;
  readonly customers: CustomersService;
  readonly packages: PackagesService;
  readonly live: LiveBus;
  readonly wake: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly crash: CrashPoints;
}

/** Asks for money, and makes access of what was paid. */
export function createPaymentsSide(deps: PaymentsSideDeps) {
  const { config, settings, database, secretBox, customers, packages, live, wake, clock, logger, metrics, crash } =
    deps;
  const { db, transact } = database;
  darajaDuration(metrics);
  const client = currentClient(deps);
  const providers = providersOf(
    createMpesaProvider({ client, tokens: createCallbackTokens(config.ENCRYPTION_KEYS), publicUrl: config.publicUrl }),
    paybillProvider,
    cashProvider,
    walletProvider,
  );
  const moved = paymentNews({ db, publish: (event) => live.publish(event), wake, metrics, role: 'worker' });
  const parts = settlementParts({ customers, secretBox, clock, mostDevices: config.CUSTOMER_DEVICES });
  const settle = createSettlement({ ...parts, providers, clock, crash, tracing: deps.tracing });
  const paybill = createPaybillPayments({ settle, packages, shortcode: () => settings.mpesa().shortcode ?? undefined });
  const { tracing } = deps;
  const handleMessage = createMessageHandler({ transact, settle, paybill, providers, clock, moved, crash, tracing });
  const reconcile = createReconcile({ db, transact, providers, settle, handleMessage, clock, logger, moved, crash });
  const register = createPaybillRegistration({
    wanted: () => {
      const [current, token] = [client(), settings.mpesa().c2bToken];
      return current === undefined || token === null ? undefined : { client: current, token };
    },
    publicUrl: config.publicUrl,
    clock,
    logger,
  });
  return {
    handlers: paymentsJobs({
      requestPayment: createPaymentRequest({ db, transact, providers, settle, clock, moved, crash }),
      handleMessage,
      reconcile: async (signal) => {
        await register(signal);
        return reconcile(signal);
      },
      moveParked: createParkedMover({
        sql: db,
        parked: createParkedCallbacks({ redis: deps.durable, secretBox, prefix: deps.prefix }),
        wake,
        logger,
        crash,
      }),
    }),
  };
}

/**
 * Gives the client of the settings as they are now, the same one until they change: it holds an access token. A payment under
 * way goes on with the one that it began with. Undefined: M-Pesa is not set up.
 */
function currentClient({ settings, clock, metrics, tracing }: PaymentsSideDeps): () => DarajaClient | undefined {
  const http = tracedDarajaHttp(tracing, createDarajaHttp());
  let made: { readonly of: MpesaSettings; readonly client: DarajaClient | undefined } | undefined;
  return () => {
    const now = settings.mpesa();
    if (made?.of === now) return made.client;
    const complete = darajaSettings(now);
    const client =
      complete === undefined ? undefined : createDarajaClient({ settings: complete, http, clock, metrics });
    made = { of: now, client };
    return client;
  };
}
