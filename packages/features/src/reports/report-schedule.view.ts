import {
  scheduledReport,
  type ReportScheduleView,
  type ScheduledReport,
} from '@turnpike/contracts/report-schedules.js';
import { languageOf } from '@turnpike/contracts/languages.js';
import type { ReportScheduleRow } from './report-schedule.store.js';

export function reportScheduleView(row: ReportScheduleRow, timeZone: string): ReportScheduleView {
  return {
    id: row.id,
    what: reportOf(row),
    every: row.every,
    atHour: row.atHour,
    recipients: row.recipients,
    language: languageOf(row.language),
    enabled: row.enabled,
    timeZone,
    nextAt: row.enabled ? row.nextAt.toISOString() : null,
    lastSentAt: row.lastSentAt?.toISOString() ?? null,
    lastError: row.lastError,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
  };
}

/** What is stored was checked when it was saved; a ZodError means that another version wrote it. */
export function reportOf({ report, params }: Pick<ReportScheduleRow, 'report' | 'params'>): ScheduledReport {
  return scheduledReport.parse({ ...(isRecord(params) ? params : {}), report });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
