import type {
  AccountKind,
  EntryKind,
  LedgerAccountView,
  LedgerEntryView,
  TrialBalance,
} from '@turnpike/contracts/ledger.js';
import { invalidField } from '@turnpike/core/app-error.js';
import { cursorId, toPage, type Page, type PageQuery } from '@turnpike/core/page.js';
import type { Db } from '@turnpike/db/database.js';
import { listAccountRows, listEntryRows } from './ledger-reads.store.js';
import { ledgerAccountView, ledgerEntryView } from './ledger.view.js';
import { trialBalance } from './trial-balance.js';

export interface AccountQuery extends PageQuery {
  readonly kind?: AccountKind | undefined;
  readonly owner?: string | undefined;
  readonly currency?: string | undefined;
}

export interface EntryQuery extends PageQuery {
  readonly kind?: EntryKind | undefined;
  /** Id of an account. */
  readonly account?: string | undefined;
  readonly paymentId?: string | undefined;
  /** ISO 8601; the first is included, the second is not. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Reading the books. Money is moved by `enterMove`. */
export interface LedgerService {
  accounts(query: AccountQuery): Promise<Page<LedgerAccountView>>;
  entries(query: EntryQuery): Promise<Page<LedgerEntryView>>;
  trialBalance(): Promise<TrialBalance>;
}

export function createLedgerService({ db }: { db: Db }): LedgerService {
  return {
    accounts: async ({ cursor, limit, ...filter }) =>
      toPage(await listAccountRows(db, { ...filter, after: cursorId(cursor), limit }), limit, ledgerAccountView),

    entries: async ({ cursor, limit, kind, account, paymentId, from, to }) => {
      const [fromAt, toAt] = [instantOf(from), instantOf(to)];
      if (fromAt !== undefined && toAt !== undefined && fromAt >= toAt)
        throw invalidField('to', 'must be after `from`');
      const page = { after: cursorId(cursor), limit };
      const rows = await listEntryRows(db, { kind, accountId: account, paymentId, from: fromAt, to: toAt, ...page });
      return toPage(rows, limit, ledgerEntryView);
    },

    trialBalance: () => trialBalance(db),
  };
}

function instantOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}
