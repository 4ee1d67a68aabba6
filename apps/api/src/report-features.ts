import { createReportSchedules } from '@turnpike/features/reports/report-schedules.service.js';
import { reportRoutes } from '@turnpike/features/reports/reports.routes.js';
import { createReportsService } from '@turnpike/features/reports/reports.service.js';
import { taxTermsOf } from '@turnpike/features/reports/tax-sum.js';
import type { RouteBinding } from '@turnpike/runtime/http/route.js';
import type { FeatureDeps } from './feature-routes.js';

/** What was sold, to whom it was not sold again, the tax in it, and who is mailed of it. */
export function reportFeatures({ stores, settings, cache, clock }: FeatureDeps): RouteBinding[] {
  const { db, transact } = stores.database;
  const timeZone = (): string => settings.branding().timeZone;
  const taxOf = () => taxTermsOf(settings.tax());
  return reportRoutes({
    reports: createReportsService({ transact, cache, clock, timeZone, taxOf }),
    schedules: createReportSchedules({ db, transact, clock, timeZone }),
  });
}
