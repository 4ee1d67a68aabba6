import { moneyText } from '@turnpike/core/money.js';
import { parseMsisdn, type Msisdn } from '@turnpike/core/msisdn.js';
import type { Tx } from '@turnpike/db/database.js';
import { customerNamed } from '../customers/named-customer.js';
import type { Offer } from '../packages/offer.js';
import type { PackagesService } from '../packages/packages.service.js';
import { MPESA_CURRENCY } from './mpesa/mpesa-provider.js';
import { parsePaybillMessage, type PaybillMessage } from './mpesa/paybill-message.js';
import { plainPhone } from './mpesa/phone-fits.js';
import { parseAmount } from './payment-amount.js';
import { insertForReview, newReference } from './payment-endings.js';
import type { PaymentMessageRow } from './payment-message.store.js';
import { findPaymentByReceipt, insertPaymentRow } from './payment.store.js';
import type { Settle } from './settlement.js';

export interface PaybillDeps {
  readonly settle: Settle;
  readonly packages: Pick<PackagesService, 'list' | 'offer'>;
  /** Of our paybill as set up now; undefined: any is taken. */
  readonly shortcode: () => string | undefined;
}

export interface PaybillOutcome {
  readonly state: 'handled' | 'ignored';
  readonly outcome: string;
  readonly paymentId?: string | undefined;
}

/** Turns an announced payment into one of ours, in the caller's transaction. `refused`: why it cannot be given to anybody. */
export type PaybillPayments = (tx: Tx, message: PaymentMessageRow, refused?: string) => Promise<PaybillOutcome>;

/** Who gets it, and what: without an offer it goes into the wallet. Or why a person has to decide. */
type Meaning =
  | {
      readonly customerId?: string | undefined;
      readonly msisdn?: Msisdn | undefined;
      readonly offer?: Offer | undefined;
    }
  | { readonly why: string };

const MOST_PACKAGES = 200;

export function createPaybillPayments(deps: PaybillDeps): PaybillPayments {
  const { settle } = deps;

  return async (tx, message, refused) => {
    const said = parsePaybillMessage(message.body);
    if (said === undefined) return { state: 'ignored', outcome: 'it is no announcement of a payment to the paybill' };
    const shortcode = deps.shortcode();
    if (shortcode !== undefined && said.shortcode !== shortcode) {
      return { state: 'ignored', outcome: `it is about the paybill ${said.shortcode}, not ours` };
    }
    const known = await findPaymentByReceipt(tx, said.receipt);
    if (known !== null) return { state: 'ignored', outcome: 'known already', paymentId: known.id };
    const amountMinor = parseAmount(said.amount, MPESA_CURRENCY);
    if (amountMinor === undefined || amountMinor === 0n) {
      return { state: 'ignored', outcome: 'it names no amount that can be read' };
    }
    const meaning = refused === undefined ? await meaningOf(tx, said, amountMinor) : { why: refused };
    return take(tx, said, amountMinor, meaning);
  };

  async function take(tx: Tx, said: PaybillMessage, amountMinor: bigint, meaning: Meaning): Promise<PaybillOutcome> {
    const phone = plainPhone(said.phone);
    const money = { provider: 'paybill', amountMinor, currency: MPESA_CURRENCY, requestedAt: said.at ?? null };
    const payer = phone === undefined ? {} : { paidMsisdn: phone };
    if ('why' in meaning) {
      const detail = `paid to account "${said.account}": ${meaning.why}`;
      const data = { ...money, ...payer, msisdn: phone ?? null, paidMinor: amountMinor, receipt: said.receipt, detail };
      const row = await insertForReview(tx, data);
      return { state: 'handled', outcome: `it waits for a person: ${meaning.why}`, paymentId: row.id };
    }
    const { customerId, msisdn, offer } = meaning;
    const row = await insertPaymentRow(tx, {
      ...money,
      reference: newReference(),
      purpose: offer === undefined ? 'top_up' : 'package',
      customerId: customerId ?? null,
      msisdn: msisdn ?? phone ?? null,
      createdBy: 'system',
      ...(offer === undefined ? {} : { packageId: offer.packageId, offer: { ...offer } }),
    });
    await settle(tx, row, { receipt: said.receipt, paidMinor: amountMinor, paidMsisdn: phone, by: 'system' });
    const what = offer === undefined ? 'the wallet was topped up' : `${offer.packageName} was sold`;
    return { state: 'handled', outcome: what, paymentId: row.id };
  }

  /** The account is a phone number, a username, or the name of a package that the payer buys for the phone it is paid with. */
  async function meaningOf(tx: Tx, said: PaybillMessage, amountMinor: bigint): Promise<Meaning> {
    const onSale = await forSale();
    const fitting = onSale.filter(
      (each) => BigInt(each.priceMinor) === amountMinor && each.currency === MPESA_CURRENCY,
    );
    const msisdn = parseMsisdn(said.account);
    if (msisdn !== undefined) return { msisdn, offer: await onlyOffer(tx, fitting) };
    const customerId = await customerNamed(tx, said.account);
    if (customerId !== undefined) return { customerId, offer: await onlyOffer(tx, fitting) };
    const named = onSale.filter((each) => plain(each.name) === plain(said.account) || each.id === said.account);
    const [wanted] = named;
    if (wanted === undefined) return { why: 'no customer and no package is known by that account' };
    if (BigInt(wanted.priceMinor) !== amountMinor) {
      const [costs, paid] = [moneyText(wanted.priceMinor, wanted.currency), moneyText(amountMinor, MPESA_CURRENCY)];
      return { why: `that package costs ${costs}, and ${paid} was paid` };
    }
    const payer = plainPhone(said.phone);
    if (payer === undefined) return { why: 'M-Pesa hides the number of who paid: ask the payer for it' };
    return { msisdn: payer, offer: await deps.packages.offer(tx, wanted.id, 'public') };
  }

  async function forSale() {
    return (await deps.packages.list({ limit: MOST_PACKAGES, active: true, visibility: 'public' })).items;
  }

  /** Where several packages cost that much nobody knows which was meant: the money stays the payer's, in the wallet. */
  async function onlyOffer(tx: Tx, fitting: readonly { id: string }[]): Promise<Offer | undefined> {
    const [only, another] = fitting;
    return only === undefined || another !== undefined ? undefined : deps.packages.offer(tx, only.id, 'public');
  }
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
