import type { Clock } from '@turnpike/core/clock.js';
import type { Database } from '@turnpike/db/database.js';
import { createReportMail } from '@turnpike/features/reports/report-mail.js';
import { taxTermsOf } from '@turnpike/features/reports/tax-sum.js';
import { createReportsService } from '@turnpike/features/reports/reports.service.js';
import { createReportsSweep } from '@turnpike/features/reports/reports-sweep.js';
import type { SettingsReader } from '@turnpike/features/settings/settings-reader.js';
import type { Cache } from '@turnpike/runtime/cache.js';

export interface ReportsSideDeps {
  readonly database: Database;
  readonly settings: Pick<SettingsReader, 'branding' | 'tax'>;
  readonly cache: Cache;
  readonly publicUrl: string;
  readonly wake: () => void;
  readonly clock: Clock;
}

/** Reports that are mailed by the clock: when they are due, and what they say. */
export function createReportsSide({ database, settings, cache, publicUrl, wake, clock }: ReportsSideDeps) {
  const { db, transact } = database;
  const timeZone = (): string => settings.branding().timeZone;
  const taxOf = () => taxTermsOf(settings.tax());
  const reports = createReportsService({ transact, cache, clock, timeZone, taxOf });
  const sweep = createReportsSweep({ transact, clock, timeZone, wake });
  return {
    mail: createReportMail({ db, clock, reports, networkName: () => settings.branding().name, publicUrl }),
    handlers: {
      'reports.mail': (_nothing: object, { signal }: { signal: AbortSignal }) => sweep(signal),
    },
  };
}
