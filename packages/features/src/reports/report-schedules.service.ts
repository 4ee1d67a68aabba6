import {
  MAX_SCHEDULES,
  type NewReportSchedule,
  type ReportScheduleChange,
  type ReportScheduleView,
  type ScheduledReport,
} from '@turnpike/contracts/report-schedules.js';
import { AppError } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import type { ChangeContext } from '@turnpike/runtime/http/change-context.js';
import { appendAudit } from '../audit/audit.store.js';
import { beforeAndAfter } from '../audit/before-and-after.js';
import { dueAfter } from './due-times.js';
import {
  countSchedules,
  deleteScheduleRow,
  findScheduleRow,
  insertScheduleRow,
  listScheduleRows,
  lockSchedule,
  updateScheduleRow,
  type ReportScheduleRow,
} from './report-schedule.store.js';
import { reportOf, reportScheduleView } from './report-schedule.view.js';

export interface ReportSchedulesService {
  list(): Promise<{ items: ReportScheduleView[] }>;
  get(id: string): Promise<ReportScheduleView>;
  create(input: NewReportSchedule, context: ChangeContext): Promise<ReportScheduleView>;
  update(id: string, change: ReportScheduleChange, context: ChangeContext): Promise<ReportScheduleView>;
  remove(id: string, context: ChangeContext): Promise<void>;
}

export interface ReportSchedulesDeps extends Pick<Database, 'db' | 'transact'> {
  readonly clock: Clock;
  readonly timeZone: () => string;
}

export function createReportSchedules({ db, transact, clock, timeZone }: ReportSchedulesDeps): ReportSchedulesService {
  const view = (row: ReportScheduleRow): ReportScheduleView => reportScheduleView(row, timeZone());
  const next = (times: Pick<ReportScheduleRow, 'every' | 'atHour'>): Date =>
    dueAfter(clock.now(), { every: times.every, atHour: times.atHour, timeZone: timeZone() });

  return {
    list: async () => ({ items: (await listScheduleRows(db, MAX_SCHEDULES)).map(view) }),

    get: async (id) => view(existing(await findScheduleRow(db, id), id)),

    create: ({ what, ...input }, context) =>
      transact(async (tx) => {
        if ((await countSchedules(tx)) >= MAX_SCHEDULES) {
          throw new AppError('conflict', `there are ${MAX_SCHEDULES} already: delete one that nobody reads`);
        }
        const row = await insertScheduleRow(tx, {
          ...input,
          ...columnsOf(what),
          nextAt: next(input),
          createdBy: context.actor,
        });
        await record(tx, context, 'report_schedule.create', row.id, told(row));
        return view(row);
      }),

    update: (id, { what, every, atHour, recipients, language, enabled }, context) =>
      transact(async (tx) => {
        const before = existing(await lockSchedule(tx, id), id);
        const times = { every: every ?? before.every, atHour: atHour ?? before.atHour };
        const isMoved = times.every !== before.every || times.atHour !== before.atHour;
        const isResumed = enabled === true && !before.enabled;
        const row = await updateScheduleRow(tx, id, {
          ...times,
          ...(what === undefined ? {} : columnsOf(what)),
          ...(recipients === undefined ? {} : { recipients }),
          ...(language === undefined ? {} : { language }),
          ...(enabled === undefined ? {} : { enabled }),
          // What was due while it was switched off is not made up for.
          ...(isMoved || isResumed ? { nextAt: next(times) } : {}),
        });
        await record(tx, context, 'report_schedule.update', id, beforeAndAfter(told(before), told(row)));
        return view(row);
      }),

    remove: (id, context) =>
      transact(async (tx) => {
        const row = existing(await lockSchedule(tx, id), id);
        await deleteScheduleRow(tx, id);
        await record(tx, context, 'report_schedule.delete', id, told(row));
      }),
  };
}

function columnsOf({ report, ...params }: ScheduledReport) {
  // A currency that was left out is no JSON.
  return { report, params: Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined)) };
}

/** For the audit trail; with the addresses whole, as they are where our figures go. */
function told(row: ReportScheduleRow): Record<string, unknown> {
  const { every, atHour, recipients, language, enabled } = row;
  return { what: reportOf(row), every, atHour, recipients, language, enabled };
}

function existing(row: ReportScheduleRow | null, id: string): ReportScheduleRow {
  if (row === null) throw new AppError('not_found', `there is no scheduled report ${id}`);
  return row;
}

async function record(
  tx: Tx,
  context: ChangeContext,
  action: string,
  id: string,
  details: Record<string, unknown>,
): Promise<void> {
  await appendAudit(tx, { ...context, action, subjectType: 'report_schedule', subjectId: id, details });
}
