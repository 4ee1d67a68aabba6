import { checkLedger } from '../ledger/ledger-check.js';
import { waitForDrain, type Drained } from '../ledger/drain-wait.js';
import { withLedger } from '../ledger/open-ledger.js';
import type { AccountingPlan } from '../radius/accounting-plan.js';
import type { AckBook } from '../radius/ack-book.js';
import { ledgerFigures } from '../radius-scenarios.js';
import type { Figure } from '../results.js';
import type { ChaosContext } from './scenario.js';

/** Waits for the drain and compares the ledger with what was acknowledged. */
export async function settleLedger(
  { say, signal }: ChaosContext,
  postgresUrl: string,
  run: { readonly plan: AccountingPlan; readonly book: AckBook; readonly startedAt: Date },
): Promise<{ figures: Figure[]; drained: Drained }> {
  return withLedger(postgresUrl, async (ledger) => {
    say('waiting until the ledger has everything, then comparing it');
    const expected = run.book.ackedCount;
    const drained = await waitForDrain({ ledger, since: run.startedAt, expected, say, signal });
    const check = await checkLedger({ ledger, plan: run.plan, book: run.book, since: run.startedAt });
    for (const example of check.examples) say(`  ${example}`);
    return { figures: ledgerFigures(check), drained };
  });
}
