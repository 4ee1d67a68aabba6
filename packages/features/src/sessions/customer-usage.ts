import type { z } from 'zod';
import { MAX_USAGE_DAYS, type getCustomerUsage } from '@turnpike/contracts/sessions.js';
import { invalidField } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Db } from '@turnpike/db/database.js';
import { existingCustomer } from '../customers/known-customer.js';
import { addDays, localDay } from '../dashboard/local-day.js';
import { countSessionsIn, sumUsageByDay } from './customer-usage.store.js';

type Usage = z.input<typeof getCustomerUsage.response>;

export interface CustomerUsage {
  /** Use by day; days are `YYYY-MM-DD` of the network's time zone, both included. `not_found`, `validation_failed`. */
  of(customerId: string, days: { from?: string | undefined; to?: string | undefined }): Promise<Usage>;
}

interface Deps {
  readonly db: Db;
  readonly clock: Clock;
  readonly timeZone: () => string;
}

const USUAL_DAYS = 30;

export function createCustomerUsage({ db, clock, timeZone: zoneNow }: Deps): CustomerUsage {
  return {
    of: async (customerId, asked) => {
      const timeZone = zoneNow();
      const to = asked.to ?? localDay(clock.now(), timeZone);
      const from = asked.from ?? addDays(to, 1 - USUAL_DAYS);
      refuseSpan(from, to);
      await existingCustomer(db, customerId);
      const span = { customerId, timeZone, from, to };
      const [rows, sessions] = await Promise.all([sumUsageByDay(db, span), countSessionsIn(db, span)]);
      return {
        timeZone,
        days: rows.map((row) => ({
          ...row,
          inputOctets: row.inputOctets.toString(),
          outputOctets: row.outputOctets.toString(),
        })),
        total: {
          inputOctets: rows.reduce((sum, row) => sum + row.inputOctets, 0n).toString(),
          outputOctets: rows.reduce((sum, row) => sum + row.outputOctets, 0n).toString(),
          sessions,
          seconds: rows.reduce((sum, row) => sum + row.seconds, 0),
        },
      };
    },
  };
}

function refuseSpan(from: string, to: string): void {
  if (to < from) throw invalidField('to', 'must not be before `from`');
  if (addDays(from, MAX_USAGE_DAYS) <= to) throw invalidField('from', `must be at most ${MAX_USAGE_DAYS} days before`);
}
