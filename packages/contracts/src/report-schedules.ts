import { z } from 'zod';
import { id, idParams, instant } from './common.js';
import { endpoint } from './endpoint.js';
import { language } from './languages.js';
import { currency } from './ledger.js';
import { MAX_CHURN_MONTHS, salesGroupings } from './reports.js';

const tag = 'reports';

export const reportNames = ['sales', 'churn', 'tax'] as const;
export type ReportName = (typeof reportNames)[number];

export const reportPeriods = ['day', 'week', 'month'] as const;
export type ReportPeriod = (typeof reportPeriods)[number];

export const MAX_RECIPIENTS = 10;
export const MAX_SCHEDULES = 100;

/** What is asked for; its range is the day, week or month before it is sent. */
export const scheduledReport = z.discriminatedUnion('report', [
  z.strictObject({
    report: z.literal('sales'),
    by: z.enum(salesGroupings).default('day'),
    currency: currency.optional(),
  }),
  z.strictObject({
    report: z.literal('churn'),
    months: z.number().int().min(1).max(MAX_CHURN_MONTHS).default(6),
    currency: currency.optional(),
  }),
  z.strictObject({ report: z.literal('tax'), currency: currency.optional() }),
]);
export type ScheduledReport = z.output<typeof scheduledReport>;

const scheduleFields = {
  what: scheduledReport,
  /** day: of yesterday; week: on Mondays, of the week before; month: on the first, of the month before. */
  every: z.enum(reportPeriods),
  /** Hour of the day at which it is sent, in the network's time zone. */
  atHour: z.number().int().min(0).max(23),
  recipients: z
    .array(z.email('must be an e-mail address').max(254))
    .min(1, 'must name at least one e-mail address')
    .max(MAX_RECIPIENTS, `must be at most ${MAX_RECIPIENTS} addresses`)
    .refine((all) => new Set(all.map((one) => one.toLowerCase())).size === all.length, 'must name each address once'),
  language,
  enabled: z.boolean(),
};

export const reportSchedule = z.object({
  id,
  ...scheduleFields,
  recipients: z.array(z.string()),
  timeZone: z.string(),
  /** Null: it is not enabled. */
  nextAt: instant.nullable(),
  lastSentAt: instant.nullable(),
  /** Why the newest one did not get through; null when it did. */
  lastError: z.string().nullable(),
  createdBy: z.string(),
  createdAt: instant,
});
export type ReportScheduleView = z.infer<typeof reportSchedule>;

export const listReportSchedules = endpoint({
  method: 'get',
  path: '/reports/schedules',
  tag,
  summary: `Reports that are sent by e-mail, newest first; there are at most ${MAX_SCHEDULES}`,
  allow: 'reports:read',
  response: z.object({ items: z.array(reportSchedule) }),
});

export const createReportSchedule = endpoint({
  method: 'post',
  path: '/reports/schedules',
  tag,
  summary: 'Send a report by e-mail every day, every Monday, or on the first of every month',
  allow: 'reports:read',
  body: z.strictObject({
    ...scheduleFields,
    atHour: scheduleFields.atHour.default(7),
    language: language.default('en'),
    enabled: z.boolean().default(true),
  }),
  status: 201,
  response: reportSchedule,
});
export type NewReportSchedule = z.output<typeof createReportSchedule.body>;

export const getReportSchedule = endpoint({
  method: 'get',
  path: '/reports/schedules/{id}',
  tag,
  summary: 'One report that is sent by e-mail',
  allow: 'reports:read',
  params: idParams,
  response: reportSchedule,
});

export const updateReportSchedule = endpoint({
  method: 'patch',
  path: '/reports/schedules/{id}',
  tag,
  summary: 'Change what is sent, when, to whom, or whether; `what` is replaced whole',
  allow: 'reports:read',
  params: idParams,
  body: z.strictObject(scheduleFields).partial(),
  response: reportSchedule,
});
export type ReportScheduleChange = z.output<typeof updateReportSchedule.body>;

export const deleteReportSchedule = endpoint({
  method: 'delete',
  path: '/reports/schedules/{id}',
  tag,
  summary: 'Send it no more',
  allow: 'reports:read',
  params: idParams,
  status: 204,
  response: z.null(),
});
