import type { PortalPurchaseView, purchaseStatuses } from '@turnpike/contracts/portal.js';
import type { Language } from '@turnpike/contracts/languages.js';
import { AppError } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import { type CrashPoints, noCrashPoints } from '@turnpike/core/crash-points.js';
import { parseMacAddress } from '@turnpike/core/mac-address.js';
import { parseMsisdn, type Msisdn } from '@turnpike/core/msisdn.js';
import { currentTraceparent } from '@turnpike/core/traceparent.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import { isUniqueViolation } from '@turnpike/db/database-errors.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import { addToOutbox } from '@turnpike/db/outbox.store.js';
import { v7 as uuidv7 } from 'uuid';
import type { CustomersService } from '../customers/customers.service.js';
import type { EntitlementsService } from '../entitlements/entitlements.service.js';
import type { Offer } from '../packages/offer.js';
import type { PackagesService } from '../packages/packages.service.js';
import { hashCallbackToken, type CallbackTokens } from './callback-token.js';
import { WINDOW_MS } from './check-times.js';
import { newReference } from './payment-endings.js';
import { offerName } from './payment-offer.js';
import {
  findOutstandingPush,
  findPaymentByReceipt,
  findPaymentByReference,
  insertPaymentRow,
  markFailureShown,
  type PaymentRow,
} from './payment.store.js';
import type { PaymentProvider } from './provider.js';
import { purchaseMessage, purchaseStatus } from './purchase-words.js';
import type { PurchaseLimits } from './purchase-limits.js';
import { mpesaNotSetUp, noPhoneNumber, notOnSale, paymentOutstanding } from './purchase-refusal.js';

export type PurchaseStatus = (typeof purchaseStatuses)[number];
export type PurchaseView = PortalPurchaseView;

export interface PurchaseStart {
  readonly packageId: string;
  /** In any notation of the country. */
  readonly msisdn: string;
  /** Device that is to go online, and the router it is at. */
  readonly mac?: string | undefined;
  readonly routerId?: string | undefined;
  /** Operator id or `portal`. */
  readonly createdBy: string;
  /** Source address of who asks; strangers are limited by it. */
  readonly address?: string | undefined;
  /** What the portal knows the browser by; strangers without `mac` are limited by it. */
  readonly browser?: string | undefined;
  /** What the payer reads. */
  readonly language?: Language | undefined;
}

export interface StartedPurchase {
  readonly reference: string;
  readonly status: PurchaseStatus;
}

export interface PurchaseOwner {
  readonly status: PurchaseStatus;
  readonly customerId: string | undefined;
  readonly packageId: string | undefined;
}

/** What customers do. Who knows a reference may see the purchase: it cannot be guessed. */
export interface Purchases {
  /**
   * Has the phone asked to pay: writes it down, a worker asks. The same package for the same device within the time that the
   * phone has to answer is the same purchase. Throws a PurchaseRefusal: `rate_limited`, `conflict` while the phone is asked for
   * something else, `not_found` for what is not on sale, `validation_failed` for what is no phone number.
   */
  start(input: PurchaseStart): Promise<StartedPurchase>;
  /** Who looks at a purchase that failed has seen that it did, and gets no message about it. */
  byReference(reference: string): Promise<PurchaseView | undefined>;
  /** Whose it is, once known, and what was to be bought. */
  owner(reference: string): Promise<PurchaseOwner | undefined>;
  /** "I paid but have no internet": by the receipt in the SMS, for the phone that was asked or paid. */
  findByReceipt(receipt: string, msisdn: Msisdn): Promise<PurchaseView | undefined>;
}

export interface PurchasesDeps extends Pick<Database, 'db' | 'transact'> {
  readonly packages: Pick<PackagesService, 'offer'>;
  readonly customers: Pick<CustomersService, 'get'>;
  readonly entitlements: Pick<EntitlementsService, 'list'>;
  readonly mpesa: Pick<PaymentProvider, 'refuse'>;
  readonly tokens: CallbackTokens;
  /** Whether M-Pesa is set up now. */
  readonly isSetUp: () => boolean;
  readonly limits: PurchaseLimits;
  readonly secretBox: SecretBox;
  readonly wake: () => void;
  readonly clock: Clock;
  readonly crash?: CrashPoints;
}

/** How long a purchase tells what to log in with. */
const CREDENTIALS_SHOWN_MS = 86_400_000;
/** A request that no worker has taken by then is given up. */
const UNTAKEN_MS = WINDOW_MS;

export function createPurchases(deps: PurchasesDeps): Purchases {
  const { db, transact, clock, crash = noCrashPoints } = deps;

  async function onSale(tx: Tx, packageId: string): Promise<Offer> {
    try {
      return await deps.packages.offer(tx, packageId, 'public');
    } catch (error) {
      throw error instanceof AppError && error.code === 'not_found' ? notOnSale() : error;
    }
  }

  async function begin(tx: Tx, input: PurchaseStart, msisdn: Msisdn, mac: string | null): Promise<PaymentRow> {
    const offer = await onSale(tx, input.packageId);
    deps.mpesa.refuse?.({ amountMinor: offer.priceMinor, currency: offer.currency });
    const id = uuidv7();
    const createdAt = clock.now();
    const row = await insertPaymentRow(tx, {
      id,
      reference: newReference(),
      provider: 'mpesa',
      purpose: 'package',
      packageId: offer.packageId,
      offer: { ...offer },
      amountMinor: BigInt(offer.priceMinor),
      currency: offer.currency,
      msisdn,
      mac,
      routerId: input.routerId ?? null,
      callbackTokenHash: hashCallbackToken(deps.tokens.of(id)),
      nextCheckAt: new Date(createdAt.getTime() + UNTAKEN_MS),
      createdBy: input.createdBy,
      language: input.language ?? null,
      traceparent: currentTraceparent(),
      createdAt,
    });
    await addToOutbox(tx, 'payment.request', { paymentId: row.id });
    return row;
  }

  async function beginOrFind(input: PurchaseStart, msisdn: Msisdn, mac: string | null): Promise<PaymentRow> {
    const open = await findOutstandingPush(db, msisdn);
    if (open !== null) return sameOrRefused(open, input, mac);
    await deps.limits.take({ ...input, msisdn, mac: mac ?? undefined });
    try {
      const row = await transact((tx) => begin(tx, input, msisdn, mac));
      crash.pass('api.payment-committed');
      return row;
    } catch (error) {
      // Two clicks at once: the index lets one through, and the other finds it.
      const first = isUniqueViolation(error) ? await findOutstandingPush(db, msisdn) : null;
      if (first === null) throw error;
      return sameOrRefused(first, input, mac);
    }
  }

  return {
    start: async (input) => {
      const msisdn = parseMsisdn(input.msisdn);
      if (msisdn === undefined) throw noPhoneNumber();
      const mac = input.mac === undefined ? null : (parseMacAddress(input.mac) ?? null);
      if (!deps.isSetUp()) throw mpesaNotSetUp();
      const row = await beginOrFind(input, msisdn, mac);
      deps.wake();
      return { reference: row.reference, status: purchaseStatus(row) };
    },

    byReference: async (reference) => {
      const row = await findPaymentByReference(db, reference);
      if (row === null) return undefined;
      if (row.state === 'failed' && row.failureShownAt === null) await markFailureShown(db, row.id, clock.now());
      return view(row);
    },

    owner: async (reference) => {
      const row = await findPaymentByReference(db, reference);
      if (row === null) return undefined;
      const { customerId, packageId } = row;
      return {
        status: purchaseStatus(row),
        customerId: customerId ?? undefined,
        packageId: packageId ?? undefined,
      };
    },

    findByReceipt: async (receipt, msisdn) => {
      const row = await findPaymentByReceipt(db, receipt.trim().toUpperCase());
      if (row === null) return undefined;
      return row.msisdn === msisdn || row.paidMsisdn === msisdn ? view(row) : undefined;
    },
  };

  async function view(row: PaymentRow): Promise<PurchaseView> {
    return {
      reference: row.reference,
      status: purchaseStatus(row),
      message: purchaseMessage(row),
      packageName: offerName(row) ?? '',
      amountMinor: Number(row.amountMinor),
      currency: row.currency,
      ...(row.state === 'succeeded' && row.refundedAt === null ? await access(row) : {}),
    };
  }

  async function access({ customerId, entitlementId, settledAt }: PaymentRow) {
    if (customerId === null) return {};
    const [{ username, password }, entitlements] = await Promise.all([
      deps.customers.get(customerId),
      deps.entitlements.list(customerId),
    ]);
    const given = entitlements.find(({ id }) => id === entitlementId);
    // What begins with its first login has no end yet.
    const expiresAt = given?.validForSeconds === null ? given.endsAt : undefined;
    const isFresh = settledAt !== null && clock.now().getTime() - settledAt.getTime() < CREDENTIALS_SHOWN_MS;
    const place = { table: 'customer', row: customerId, column: 'password' };
    return {
      ...(expiresAt === undefined ? {} : { expiresAt }),
      ...(isFresh ? { credentials: { username, password: deps.secretBox.open(password, place) } } : {}),
    };
  }
}

/** Who asks again from another device may be somebody else, and must not be told what to log in with. */
function sameOrRefused(open: PaymentRow, input: PurchaseStart, mac: string | null): PaymentRow {
  if (open.packageId === input.packageId && open.mac === mac) return open;
  throw paymentOutstanding();
}
