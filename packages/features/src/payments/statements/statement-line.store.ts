import type { Tx } from '@turnpike/db/database.js';
import { v7 as uuidv7 } from 'uuid';

export interface NewStatementLine {
  readonly provider: string;
  readonly receipt: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly msisdn: string | null;
  readonly account: string | null;
  readonly completedAt: Date;
  readonly paymentId: string | null;
  readonly verdict: 'matched' | 'missing' | 'amount';
  readonly importedBy: string;
}

/** Receipts among these that were imported before. */
export async function knownReceipts(tx: Tx, provider: string, receipts: readonly string[]): Promise<Set<string>> {
  const rows = await tx.statementLine.findMany({
    where: { provider, receipt: { in: [...receipts] } },
    select: { receipt: true },
  });
  return new Set(rows.map(({ receipt }) => receipt));
}

/** One whose receipt was imported before is left out. */
export async function insertStatementLines(tx: Tx, lines: readonly NewStatementLine[]): Promise<void> {
  await tx.statementLine.createMany({ data: lines.map((line) => ({ id: uuidv7(), ...line })), skipDuplicates: true });
}

/** Imports wait for one another: two of one statement at the same time must not both find money missing. */
export async function lockImports(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('turnpike statement import'))`;
}
