import type { BatchRedemptions } from '@turnpike/contracts/vouchers.js';
import { AppError } from '@turnpike/core/app-error.js';
import type { Db } from '@turnpike/db/database.js';
import { countRedeemedHours, countRedeemedSites, type RedeemedHour } from './batch-redemptions.store.js';
import { findBatchRow } from './voucher-batch.store.js';

interface Deps {
  readonly db: Db;
  /** Of the network: whose days and hours are meant. */
  readonly timeZone: () => string;
}

/** Where and when the codes of a batch were redeemed; `not_found`. */
export type ReadRedemptions = (batchId: string) => Promise<BatchRedemptions>;

export function createRedemptionReader({ db, timeZone: zoneNow }: Deps): ReadRedemptions {
  return async (batchId) => {
    if ((await findBatchRow(db, batchId)) === undefined) {
      throw new AppError('not_found', `there is no batch of vouchers ${batchId}`);
    }
    const timeZone = zoneNow();
    const [hours, sites] = await Promise.all([
      countRedeemedHours(db, batchId, timeZone),
      countRedeemedSites(db, batchId),
    ]);
    return {
      timeZone,
      redeemed: sum(sites),
      bySite: sites.filter(({ isUsed }) => isUsed).map(({ site, redeemed }) => ({ site, redeemed })),
      notOnlineYet: sum(sites.filter(({ isUsed }) => !isUsed)),
      byDay: [...groups(hours, ({ day }) => day)].map(([day, redeemed]) => ({ day, redeemed })),
      byHour: byHour(hours),
    };
  };
}

function byHour(hours: readonly RedeemedHour[]): BatchRedemptions['byHour'] {
  return [...groups(hours, ({ weekday, hour }) => weekday * HOURS + hour)]
    .sort(([one], [other]) => one - other)
    .map(([at, redeemed]) => ({ weekday: Math.floor(at / HOURS), hour: at % HOURS, redeemed }));
}

const HOURS = 24;

function groups<Key>(hours: readonly RedeemedHour[], keyOf: (hour: RedeemedHour) => Key): Map<Key, number> {
  const sums = new Map<Key, number>();
  for (const hour of hours) sums.set(keyOf(hour), (sums.get(keyOf(hour)) ?? 0) + hour.redeemed);
  return sums;
}

function sum(rows: readonly { readonly redeemed: number }[]): number {
  return rows.reduce((total, { redeemed }) => total + redeemed, 0);
}
