import type { ReportName, ReportPeriod } from '@turnpike/contracts/report-schedules.js';
import type { Tx } from '@turnpike/db/database.js';
import type { Prisma, ReportSchedule } from '@turnpike/db/generated/client.js';

export type ReportScheduleRow = ReportSchedule;

export interface ScheduleColumns {
  readonly report: ReportName;
  readonly params: Prisma.InputJsonObject;
  readonly every: ReportPeriod;
  readonly atHour: number;
  readonly recipients: string[];
  readonly language: string;
  readonly enabled: boolean;
  readonly nextAt: Date;
}

/** Newest first. */
export async function listScheduleRows(tx: Tx, limit: number): Promise<ReportScheduleRow[]> {
  return tx.reportSchedule.findMany({ orderBy: { id: 'desc' }, take: limit });
}

export async function countSchedules(tx: Tx): Promise<number> {
  return tx.reportSchedule.count();
}

export async function findScheduleRow(tx: Tx, id: string): Promise<ReportScheduleRow | null> {
  return tx.reportSchedule.findUnique({ where: { id } });
}

/** Nobody else changes or sends it until the transaction ends. */
export async function lockSchedule(tx: Tx, id: string): Promise<ReportScheduleRow | null> {
  await tx.$queryRaw`SELECT FROM report_schedule WHERE id = ${id}::uuid FOR UPDATE`;
  return findScheduleRow(tx, id);
}

export async function insertScheduleRow(
  tx: Tx,
  data: ScheduleColumns & { readonly createdBy: string },
): Promise<ReportScheduleRow> {
  return tx.reportSchedule.create({ data });
}

export async function updateScheduleRow(
  tx: Tx,
  id: string,
  data: Partial<ScheduleColumns>,
): Promise<ReportScheduleRow> {
  return tx.reportSchedule.update({ where: { id }, data });
}

export async function deleteScheduleRow(tx: Tx, id: string): Promise<void> {
  await tx.reportSchedule.delete({ where: { id } });
}

/** Locks one that is due and that no other worker is at; undefined: there is none. */
export async function lockDueSchedule(tx: Tx, now: Date): Promise<ReportScheduleRow | undefined> {
  const [due] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text AS id FROM report_schedule
    WHERE enabled AND next_at <= ${now}
    ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED`;
  return due === undefined ? undefined : ((await findScheduleRow(tx, due.id)) ?? undefined);
}

/** What became of a mail; of one that was sent late, the newest stays. */
export async function noteMailed(tx: Tx, id: string, at: Date, error: string | null): Promise<void> {
  await tx.reportSchedule.updateMany({
    where: { id },
    data: error === null ? { lastSentAt: at, lastError: null } : { lastError: error },
  });
}
