import { z } from 'zod';
import { id, idParams, instant, NOT_STORABLE, isStorable, page, pageQuery, pageQueryShape } from './common.js';
import { endpoint } from './endpoint.js';

const tag = 'ledger';

export const accountKinds = [
  'customer_wallet',
  'agent_wallet',
  'provider',
  'sales',
  'commission',
  'adjustment',
] as const;
export type AccountKind = (typeof accountKinds)[number];

export const entryKinds = ['sale', 'top_up', 'refund', 'voucher_sale', 'commission', 'adjustment'] as const;
export type EntryKind = (typeof entryKinds)[number];

/** ISO 4217. */
export const currency = z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as KES');

/** A balance in minor units as decimal digits, since sums may go beyond what JSON numbers hold. */
export const balanceMinor = z.string().regex(/^-?\d{1,19}$/);

/** In minor units; negative when it was taken out. */
export const amountMinor = z.number().int();

/** The most that one movement made by hand may be. */
export const MAX_MOVE_MINOR = 100_000_000_000;

/** Why money was moved by hand: for whoever reads the books later. */
const reason = z
  .string()
  .trim()
  .min(3, 'must say why, in a few words')
  .max(200, 'must be at most 200 characters')
  .refine(isStorable, NOT_STORABLE);

export const balance = z.object({ currency: z.string(), balanceMinor });
export type BalanceView = z.infer<typeof balance>;

export const walletMove = z.object({
  id,
  entryId: id,
  kind: z.enum(entryKinds),
  description: z.string(),
  currency: z.string(),
  amountMinor,
  /** Of the wallet, after it. */
  balanceMinor,
  paymentId: id.nullable(),
  createdBy: z.string(),
  createdAt: instant,
});
export type WalletMoveView = z.infer<typeof walletMove>;

export const wallet = z.object({
  /** One a currency; none while nothing was ever moved. */
  balances: z.array(balance),
  /** Newest first. */
  items: z.array(walletMove),
  nextCursor: z.string().nullable(),
});
export type WalletView = z.infer<typeof wallet>;

/** What one movement did to a wallet. */
export const moved = z.object({ entryId: id, currency: z.string(), amountMinor, balanceMinor });
export type MovedView = z.infer<typeof moved>;

/** Of whatever wallet. */
export const walletAdjustment = z.strictObject({
  amountMinor: amountMinor
    .min(-MAX_MOVE_MINOR, `must be at least -${MAX_MOVE_MINOR}`)
    .max(MAX_MOVE_MINOR, `must be at most ${MAX_MOVE_MINOR}`)
    .refine((amount) => amount !== 0, 'must not be 0'),
  currency,
  reason,
});
export type WalletAdjustment = z.output<typeof walletAdjustment>;

export const getCustomerWallet = endpoint({
  method: 'get',
  path: '/customers/{id}/wallet',
  tag,
  summary: 'What a customer has in the wallet, and the movements of it, newest first',
  allow: 'ledger:read',
  params: idParams,
  query: pageQuery,
  response: wallet,
});

export const adjustCustomerWallet = endpoint({
  method: 'post',
  path: '/customers/{id}/wallet-adjustments',
  tag,
  summary:
    'Put money into the wallet of a customer, or take it out with a negative amount; 409 when there is less in it',
  allow: 'ledger:write',
  stepUp: true,
  params: idParams,
  body: walletAdjustment,
  status: 201,
  response: moved,
});

export const ledgerAccount = z.object({
  id,
  kind: z.enum(accountKinds),
  /** Customer, agent or provider; empty for accounts there is one of. */
  owner: z.string(),
  currency: z.string(),
  /** Wallets and sales grow with what was paid in; what lies at a provider is negative. */
  balanceMinor,
  createdAt: instant,
});
export type LedgerAccountView = z.infer<typeof ledgerAccount>;

export const listLedgerAccounts = endpoint({
  method: 'get',
  path: '/ledger/accounts',
  tag,
  summary: 'Accounts with their balances, newest first',
  allow: 'ledger:read',
  query: z.strictObject({
    ...pageQueryShape,
    kind: z.enum(accountKinds).optional(),
    owner: z.string().max(100).refine(isStorable, NOT_STORABLE).optional(),
    currency: currency.optional(),
  }),
  response: page(ledgerAccount),
});

export const ledgerEntry = z.object({
  id,
  /** What it is the entry of: nothing is entered twice. */
  key: z.string(),
  kind: z.enum(entryKinds),
  description: z.string(),
  paymentId: id.nullable(),
  createdBy: z.string(),
  createdAt: instant,
  postings: z.array(
    z.object({
      accountId: id,
      accountKind: z.enum(accountKinds),
      accountOwner: z.string(),
      currency: z.string(),
      amountMinor,
      balanceMinor,
    }),
  ),
});
export type LedgerEntryView = z.infer<typeof ledgerEntry>;

export const listLedgerEntries = endpoint({
  method: 'get',
  path: '/ledger/entries',
  tag,
  summary: 'Movements of money between accounts, newest first; `from` is included, `to` is not',
  allow: 'ledger:read',
  query: z.strictObject({
    ...pageQueryShape,
    kind: z.enum(entryKinds).optional(),
    /** Id of an account that the entry moves. */
    account: id.optional(),
    /** Id of the payment that the entry books. */
    paymentId: id.optional(),
    from: instant.optional(),
    to: instant.optional(),
  }),
  response: page(ledgerEntry),
});

export const trialBalance = z.object({
  /** True when every currency sums to 0 and every balance is the sum of what was posted to it. */
  ok: z.boolean(),
  currencies: z.array(
    z.object({
      currency: z.string(),
      /** Of all accounts; 0 unless something is badly wrong. */
      sumMinor: balanceMinor,
      kinds: z.array(z.object({ kind: z.enum(accountKinds), accounts: z.number().int(), sumMinor: balanceMinor })),
    }),
  ),
  /** Accounts whose balance is not the sum of their postings, at most 100. */
  wrong: z.array(z.object({ accountId: id, balanceMinor, postedMinor: balanceMinor })),
});
export type TrialBalance = z.infer<typeof trialBalance>;

export const getTrialBalance = endpoint({
  method: 'get',
  path: '/ledger/trial-balance',
  tag,
  summary: 'The proof of the books: sums per currency and kind of account, and any balance that does not add up',
  allow: 'ledger:read',
  response: trialBalance,
});
