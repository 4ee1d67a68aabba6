import type { BalanceView, MovedView, WalletAdjustment, WalletView } from '@turnpike/contracts/ledger.js';
import { cursorId, toPage, type PageQuery } from '@turnpike/core/page.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import { appendAudit, type AuditEntryInput } from '../audit/audit.store.js';
import type { CustomersService } from '../customers/customers.service.js';
import { holdCustomer } from '../customers/known-customer.js';
import { accountsOf, listMoves, postingOf } from './ledger-reads.store.js';
import { enterMove, type AccountRef } from './ledger.js';
import { balanceView, walletMoveView } from './ledger.view.js';
import { onceKey, type MoneyContext } from './once-key.js';

type Wallet = Extract<AccountRef, { kind: 'customer_wallet' | 'agent_wallet' }>;

export interface WalletsService {
  /** Balances, and one page of the movements. */
  read(wallet: Wallet, query: PageQuery): Promise<WalletView>;
  balances(wallet: Wallet): Promise<BalanceView[]>;
  ofCustomer(customerId: string, query: PageQuery): Promise<WalletView>;
  /** Throws `conflict` with `insufficient_funds` when there is less in it than is taken out. */
  adjust(customerId: string, adjustment: WalletAdjustment, context: MoneyContext): Promise<MovedView>;
}

export interface WalletsDeps extends Pick<Database, 'db' | 'transact'> {
  readonly customers: Pick<CustomersService, 'get'>;
}

export function createWalletsService({ db, transact, customers }: WalletsDeps): WalletsService {
  const read = async (wallet: Wallet, { limit, cursor }: PageQuery): Promise<WalletView> => ({
    balances: (await accountsOf(db, wallet)).map(balanceView),
    ...toPage(await listMoves(db, wallet, { after: cursorId(cursor), limit }), limit, walletMoveView),
  });

  return {
    read,

    balances: async (wallet) => (await accountsOf(db, wallet)).map(balanceView),

    ofCustomer: async (customerId, query) => {
      await customers.get(customerId);
      return read({ kind: 'customer_wallet', owner: customerId }, query);
    },

    adjust: (customerId, adjustment, context) =>
      transact(async (tx) => {
        await holdCustomer(tx, customerId);
        const wallet = { kind: 'customer_wallet', owner: customerId } as const;
        return adjustWallet(tx, { wallet, subjectType: 'customer', adjustment }, context);
      }),
  };
}

interface WalletToAdjust {
  readonly wallet: Wallet;
  readonly subjectType: 'customer' | 'agent';
  readonly adjustment: WalletAdjustment;
}

/** Puts a wallet right, or gives money away: it comes from nowhere else. The last of its transaction. */
export async function adjustWallet(
  tx: Tx,
  { wallet, subjectType, adjustment }: WalletToAdjust,
  context: MoneyContext,
): Promise<MovedView> {
  const { amountMinor, currency, reason } = adjustment;
  return moveIntoWallet(
    tx,
    {
      wallet,
      from: { kind: 'adjustment' },
      kind: 'adjustment',
      amountMinor,
      currency,
      description: reason,
      audit: { action: 'wallet.adjust', subjectType, details: { reason } },
    },
    context,
  );
}

export interface MoveIntoWallet {
  readonly wallet: Wallet;
  /** Where the money comes from; where it goes to when the amount is negative. */
  readonly from: AccountRef;
  readonly kind: 'adjustment' | 'top_up';
  readonly amountMinor: number;
  readonly currency: string;
  readonly description: string;
  /** Amount, currency, entry and balance are added to the details. */
  readonly audit: Pick<AuditEntryInput, 'action' | 'subjectType' | 'details'>;
}

/** One movement by hand, and its audit entry: the last of its transaction. A repeated request is told what the first one did. */
export async function moveIntoWallet(tx: Tx, move: MoveIntoWallet, context: MoneyContext): Promise<MovedView> {
  const { wallet, from, kind, amountMinor, currency, description, audit } = move;
  const key = onceKey(kind, context, [wallet.kind, wallet.owner, amountMinor, currency, description]);
  const outcome = await enterMove(tx, {
    key,
    kind,
    description,
    currency,
    createdBy: context.actor,
    postings: [
      { account: wallet, amountMinor: BigInt(amountMinor) },
      { account: from, amountMinor: BigInt(-amountMinor) },
    ],
  });
  const { entryId, balanceMinor } = await postingOf(tx, key, { ...wallet, currency });
  const moved = { entryId, currency, amountMinor, balanceMinor: balanceMinor.toString() };
  if (outcome === 'entered') {
    const { actor, requestId } = context;
    const details = { ...audit.details, ...moved };
    await appendAudit(tx, { ...audit, actor, requestId, subjectId: wallet.owner, details });
  }
  return moved;
}
