import type { ScheduledReport } from '@turnpike/contracts/report-schedules.js';
import { languageOf } from '@turnpike/contracts/languages.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Db } from '@turnpike/db/database.js';
import type { ReportMail, WrittenReport } from '../notifications/notification-sending.js';
import { templateParams } from '../notifications/templates.js';
import { churnCsv, salesCsv, taxCsv } from './report-csv.js';
import { churnFileName, CSV_TYPE, salesFileName, taxFileName } from './report-file.js';
import { churnWords, footer, salesWords, subjectOf, taxWords, type MailFrame } from './report-mail-words.js';
import { findScheduleRow, noteMailed } from './report-schedule.store.js';
import { reportOf } from './report-schedule.view.js';
import type { ReportsService } from './reports.service.js';

export interface ReportMailDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly reports: Pick<ReportsService, 'sales' | 'churn' | 'tax'>;
  /** What the network is called. */
  readonly networkName: () => string;
  /** Where the console is. */
  readonly publicUrl: string;
}

/** Mails of scheduled reports: a summary in words, and the whole table as CSV. */
export function createReportMail({ db, clock, reports, networkName, publicUrl }: ReportMailDeps): ReportMail {
  return {
    write: async (given) => {
      const { scheduleId, from, to } = templateParams.report.parse(given);
      const row = await findScheduleRow(db, scheduleId);
      if (row === null) return undefined;
      const frame: MailFrame = {
        language: languageOf(row.language),
        networkName: networkName(),
        every: row.every,
        atHour: row.atHour,
        manageUrl: `${publicUrl}/console/reports/schedules`,
      };
      return writtenOf(reports, reportOf(row), { from, to }, frame);
    },

    mailed: async (given, error) => {
      const { scheduleId } = templateParams.report.parse(given);
      await noteMailed(db, scheduleId, clock.now(), error);
    },
  };
}

async function writtenOf(
  reports: ReportMailDeps['reports'],
  what: ScheduledReport,
  days: { readonly from: string; readonly to: string },
  frame: MailFrame,
): Promise<WrittenReport> {
  const { currency } = what;
  switch (what.report) {
    case 'sales': {
      const sales = await reports.sales({ ...days, by: what.by, currency });
      return letter('sales', salesWords(sales, frame), frame, days, [salesFileName(sales), salesCsv(sales)]);
    }
    case 'churn': {
      const churn = await reports.churn({ months: what.months, currency });
      return letter('churn', churnWords(churn, frame), frame, days, [churnFileName(churn), churnCsv(churn)]);
    }
    case 'tax': {
      const tax = await reports.tax({ ...days, currency });
      return letter('tax', taxWords(tax, frame), frame, days, [taxFileName(tax), taxCsv(tax)]);
    }
  }
}

function letter(
  report: ScheduledReport['report'],
  lines: readonly string[],
  frame: MailFrame,
  days: { readonly from: string; readonly to: string },
  [fileName, csv]: readonly [string, string],
): WrittenReport {
  return {
    subject: subjectOf(report, days, frame),
    text: [...lines, '', ...footer(fileName, frame), ''].join('\n'),
    attachments: [{ fileName, contentType: CSV_TYPE, content: Buffer.from(csv) }],
  };
}
