import type { TrialBalance } from '@turnpike/contracts/ledger.js';
import type { Tx } from '@turnpike/db/database.js';
import { sumAccounts } from './ledger-reads.store.js';
import { accountKind } from './ledger.view.js';

const MOST_WRONG = 100;

/** The proof of the books, as of one instant. */
export async function trialBalance(tx: Tx): Promise<TrialBalance> {
  const { sums, wrong } = await sumAccounts(tx, MOST_WRONG);
  const currencies = [...new Set(sums.map(({ currency }) => currency))].map((currency) => {
    const own = sums.filter((sum) => sum.currency === currency);
    return {
      currency,
      sumMinor: own.reduce((total, { sumMinor }) => total + BigInt(sumMinor), 0n).toString(),
      kinds: own.map(({ kind, accounts, sumMinor }) => ({ kind: accountKind(kind), accounts, sumMinor })),
    };
  });
  return { ok: wrong.length === 0 && currencies.every(({ sumMinor }) => sumMinor === '0'), currencies, wrong };
}
