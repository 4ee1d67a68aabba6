import * as reportEndpoints from '@turnpike/contracts/reports.js';
import * as scheduleEndpoints from '@turnpike/contracts/report-schedules.js';
import { changeContext } from '@turnpike/runtime/http/change-context.js';
import { route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import { churnCsv, salesCsv, taxCsv, taxLinesCsv } from './report-csv.js';
import { churnFileName, contentOf, csvAnswer, salesFileName, taxFileName } from './report-file.js';
import type { ReportSchedulesService } from './report-schedules.service.js';
import type { ReportsService } from './reports.service.js';

interface Deps {
  readonly reports: ReportsService;
  readonly schedules: ReportSchedulesService;
}

export function reportRoutes({ reports, schedules }: Deps): RouteBinding[] {
  return [
    route(
      reportEndpoints.getSalesReport,
      ({ query }) => reports.sales(query),
      async (sales, { accept }) => csvAnswer(accept, salesFileName(sales), () => contentOf(salesCsv(sales))),
    ),
    route(
      reportEndpoints.getChurnReport,
      ({ query }) => reports.churn(query),
      async (churn, { accept }) => csvAnswer(accept, churnFileName(churn), () => contentOf(churnCsv(churn))),
    ),
    route(
      reportEndpoints.getTaxReport,
      ({ query }) => reports.tax(query),
      async (tax, { accept }) => csvAnswer(accept, taxFileName(tax), () => contentOf(taxCsv(tax))),
    ),
    route(
      reportEndpoints.listTaxLines,
      ({ query }) => reports.taxLines(query),
      async (lines, { accept, signal }) =>
        csvAnswer(accept, taxFileName(lines, 'tax-lines'), () =>
          taxLinesCsv(lines, reports.allTaxLines(lines, signal)),
        ),
    ),
    route(scheduleEndpoints.listReportSchedules, () => schedules.list()),
    route(scheduleEndpoints.createReportSchedule, (call) => schedules.create(call.body, changeContext(call))),
    route(scheduleEndpoints.getReportSchedule, ({ params }) => schedules.get(params.id)),
    route(scheduleEndpoints.updateReportSchedule, (call) =>
      schedules.update(call.params.id, call.body, changeContext(call)),
    ),
    route(scheduleEndpoints.deleteReportSchedule, async (call) => {
      await schedules.remove(call.params.id, changeContext(call));
    }),
  ];
}
