import type { Tx } from '@turnpike/db/database.js';
import { z } from 'zod';
import { Prisma, type JournalEntry, type ProvisioningRun } from '@turnpike/db/generated/client.js';
import type { RunError, RunState, ServiceConfig } from '@turnpike/contracts/provisioning.js';
import type { JournalRecord } from './journal.js';
import { REDACTED, type Operation } from './plan.js';

/** The backup is for people to look up, too big to be carried along with every change. */
export type RunRow = Omit<ProvisioningRun, 'backup'>;
export type JournalRow = JournalEntry;

const FINISHED = ['succeeded', 'failed', 'rolled_back', 'rollback_failed', 'cancelled'] as const;

/** As changesOf() writes them. */
const sentChanges = z.record(z.string(), z.union([z.string(), z.object({ to: z.string() })]));

const omit = { backup: true } as const;

interface NewRun {
  readonly routerId: string;
  readonly requestedBy: string;
  readonly services: readonly ServiceConfig[];
  /** Of a deploy: what was in place before it. */
  readonly replaced?: Prisma.JsonValue;
  readonly kind?: ProvisioningRun['kind'];
  readonly undoesRunId?: string;
}

/** Fails with a unique violation while another run of the router is not finished. */
export async function insertRun(tx: Tx, run: NewRun): Promise<RunRow> {
  const { services, replaced, ...rest } = run;
  return tx.provisioningRun.create({
    data: { ...rest, services: [...services], replaced: replaced ?? Prisma.DbNull },
    omit,
  });
}

/**
 * The newest deploy that succeeded and changed something which can be taken back; a new secret cannot, for the old one is
 * known to nobody.
 */
export async function lastChangingDeploy(tx: Tx, routerId: string): Promise<RunRow | null> {
  const changed = { NOT: { op: 'set', before: { equals: {} } } };
  return tx.provisioningRun.findFirst({
    where: { routerId, kind: 'deploy', state: 'succeeded', journal: { some: changed } },
    orderBy: { id: 'desc' },
    omit,
  });
}

/** How many entries of a run's journal are still in place. */
export async function countInPlace(tx: Tx, runId: string): Promise<number> {
  return tx.journalEntry.count({ where: { runId, state: { not: 'undone' } } });
}

/** A later deploy that failed and could not be taken back either: what it left is in nobody's books. */
export async function leftoverSince(tx: Tx, run: RunRow): Promise<RunRow | null> {
  return tx.provisioningRun.findFirst({
    where: { routerId: run.routerId, kind: 'deploy', state: 'rollback_failed', id: { gt: run.id } },
    orderBy: { id: 'desc' },
    omit,
  });
}

/** The newest run no longer says how the router stands. */
export async function clearLatestRun(tx: Tx, routerId: string, at: Date): Promise<void> {
  const latest = await latestRun(tx, routerId);
  if (latest !== null) await tx.provisioningRun.update({ where: { id: latest.id }, data: { clearedAt: at } });
}

export async function findRun(tx: Tx, id: string): Promise<RunRow | null> {
  return tx.provisioningRun.findUnique({ where: { id }, omit });
}

export async function latestRun(tx: Tx, routerId: string): Promise<RunRow | null> {
  return tx.provisioningRun.findFirst({ where: { routerId }, orderBy: { id: 'desc' }, omit });
}

/** Newest first; one more than `limit` tells that there are further ones. */
export async function listRunRows(tx: Tx, routerId: string, limit: number, after?: string): Promise<RunRow[]> {
  return tx.provisioningRun.findMany({
    where: { routerId, ...(after === undefined ? {} : { id: { lt: after } }) },
    orderBy: { id: 'desc' },
    take: limit + 1,
    omit,
  });
}

export async function unfinishedRun(tx: Tx, routerId: string): Promise<RunRow | null> {
  return tx.provisioningRun.findFirst({ where: { routerId, state: { notIn: [...FINISHED] } }, omit });
}

/** Those of these routers that a run holds; one that waits for a person makes room. */
export async function routersHeld(tx: Tx, routerIds: readonly string[]): Promise<Set<string>> {
  const where = { routerId: { in: [...routerIds] }, state: { notIn: [...FINISHED, 'waiting_for_operator' as const] } };
  const rows = await tx.provisioningRun.findMany({ where, select: { routerId: true } });
  return new Set(rows.map(({ routerId }) => routerId));
}

/** Ends a run that waits for a person; false when it has moved on meanwhile. */
export async function cancelWaiting(tx: Tx, runId: string, at: Date): Promise<boolean> {
  const { count } = await tx.provisioningRun.updateMany({
    where: { id: runId, state: 'waiting_for_operator' },
    data: { state: 'cancelled', stage: 'cancelled', finishedAt: at },
  });
  return count === 1;
}

/** The run as it is now, locked until the transaction ends. */
export async function lockRun(tx: Tx, id: string): Promise<RunRow | null> {
  await tx.$queryRaw`SELECT 1 FROM provisioning_run WHERE id = ${id}::uuid FOR UPDATE`;
  return findRun(tx, id);
}

/** A worker takes the run up. */
export async function countAttempt(tx: Tx, run: Pick<RunRow, 'id' | 'startedAt'>, at: Date): Promise<RunRow> {
  return tx.provisioningRun.update({
    where: { id: run.id },
    data: { attempt: { increment: 1 }, progressAt: at, startedAt: run.startedAt ?? at },
    omit,
  });
}

export interface RunChange {
  readonly from: RunState;
  readonly to: RunState;
  readonly stage: string;
  readonly percent: number;
  /** Writes carried out since the change before. */
  readonly writes: number;
  readonly at: Date;
  readonly error?: RunError;
  readonly finished?: boolean;
}

/** undefined when the run is no longer in the state it is to leave. */
export async function moveRun(tx: Tx, runId: string, change: RunChange): Promise<RunRow | undefined> {
  const [row] = await tx.provisioningRun.updateManyAndReturn({
    where: { id: runId, state: change.from },
    data: {
      state: change.to,
      stage: change.stage,
      percent: change.percent,
      writes: { increment: change.writes },
      progressAt: change.at,
      ...(change.error === undefined ? {} : { error: { ...change.error } }),
      ...(change.finished === true ? { finishedAt: change.at } : {}),
    },
    omit,
  });
  return row;
}

/** Forgets why the run was waiting. */
export async function clearRunError(tx: Tx, runId: string): Promise<void> {
  await tx.provisioningRun.update({ where: { id: runId }, data: { error: Prisma.DbNull } });
}

export async function storeBackup(tx: Tx, runId: string, backup: Prisma.InputJsonValue): Promise<void> {
  await tx.provisioningRun.update({ where: { id: runId }, data: { backup } });
}

export interface IntendedWrite {
  readonly seq: number;
  readonly operation: Operation;
  /** The properties sent, secrets blotted out. */
  readonly changes: Prisma.InputJsonObject;
}

export async function insertIntention(
  tx: Tx,
  runId: string,
  { seq, operation, changes }: IntendedWrite,
): Promise<void> {
  await tx.journalEntry.create({
    data: {
      runId,
      seq,
      op: operation.op,
      path: operation.path,
      key: operation.key,
      rosId: operation.op === 'add' ? null : (operation.rosId ?? null),
      changes,
      before: operation.op === 'add' ? Prisma.DbNull : { ...operation.before },
      successor: operation.op === 'remove' ? (operation.successor ?? null) : null,
    },
  });
}

export async function markDone(tx: Tx, runId: string, seq: number, rosId: string | undefined): Promise<void> {
  await tx.journalEntry.update({
    where: { runId_seq: { runId, seq } },
    data: { state: 'done', ...(rosId === undefined ? {} : { rosId }) },
  });
}

export async function markUndone(tx: Tx, runId: string, seq: number): Promise<void> {
  await tx.journalEntry.update({ where: { runId_seq: { runId, seq } }, data: { state: 'undone' } });
}

export async function journalRows(tx: Tx, runId: string): Promise<JournalRow[]> {
  return tx.journalEntry.findMany({ where: { runId }, orderBy: { seq: 'asc' } });
}

export async function journalRecords(tx: Tx, runId: string): Promise<JournalRecord[]> {
  const rows = await journalRows(tx, runId);
  return rows.map((row) => ({
    seq: row.seq,
    op: operationWord(row.op),
    path: row.path,
    key: row.key,
    rosId: row.rosId,
    before: textValues(row.before),
    sent: sentValues(row.changes),
    successor: row.successor,
    state: row.state,
  }));
}

function operationWord(word: string): JournalRecord['op'] {
  if (word === 'add' || word === 'set' || word === 'remove') return word;
  throw new Error(`journal entry with unknown operation ${word}`);
}

/** Of an add the values, of a set the new ones; blotted out secrets are left out. */
function sentValues(changes: Prisma.JsonValue): Record<string, string> {
  const sent: Record<string, string> = {};
  for (const [name, value] of Object.entries(sentChanges.parse(changes))) {
    const text = typeof value === 'string' ? value : value.to;
    if (text !== REDACTED) sent[name] = text;
  }
  return sent;
}

function textValues(value: Prisma.JsonValue): Record<string, string | null> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, typeof one === 'string' ? one : null] as const),
  );
}

/** Times after which a run that does not move is given to a worker again, ms. */
export interface LostAfter {
  readonly queuedMs: number;
  readonly activeMs: number;
  readonly waitingMs: number;
}

/**
 * Runs whose job got lost: queued and not taken up, active although no living lease is held for them, or waiting for a
 * person so long that it is worth looking again. Marks them, so that the next sweep leaves them in peace for a while.
 */
export async function claimLostRuns(tx: Tx, after: LostAfter): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    UPDATE provisioning_run AS run SET progress_at = clock_timestamp()
    WHERE run.id IN (
      SELECT lost.id FROM provisioning_run AS lost
      LEFT JOIN router_lease AS lease ON lease.router_id = lost.router_id AND lease.holder = lost.id::text
      WHERE lost.state NOT IN ('succeeded', 'failed', 'rolled_back', 'rollback_failed', 'cancelled')
        AND (lease.expires_at IS NULL OR lease.expires_at < clock_timestamp())
        AND CASE lost.state
              WHEN 'queued' THEN lost.progress_at < clock_timestamp() - ${after.queuedMs}::int * interval '1 millisecond'
              WHEN 'waiting_for_operator' THEN
                lost.progress_at < clock_timestamp() - ${after.waitingMs}::int * interval '1 millisecond'
              ELSE GREATEST(lost.progress_at, lease.expires_at)
                < clock_timestamp() - ${after.activeMs}::int * interval '1 millisecond'
            END
      FOR UPDATE OF lost SKIP LOCKED
    )
    RETURNING run.id::text AS id`;
  return rows.map((row) => row.id);
}

/** Whether its router stands at one of the sites. */
export async function isRunAt(tx: Tx, id: string, sites: readonly string[]): Promise<boolean> {
  return (await tx.provisioningRun.count({ where: { id, router: { site: { in: [...sites] } } } })) > 0;
}
