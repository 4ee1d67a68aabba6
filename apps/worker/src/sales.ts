import { systemClock } from '@turnpike/core/clock.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import { createCustomersService } from '@turnpike/features/customers/customers.service.js';
import { createEntitlementsService } from '@turnpike/features/entitlements/entitlements.service.js';
import { createPackagesService } from '@turnpike/features/packages/packages.service.js';
import { endSessions } from '@turnpike/features/sessions/session-ender.js';
import type { Database } from '@turnpike/db/database.js';
import type { Cache } from '@turnpike/runtime/cache.js';
import type { Tracing } from '@turnpike/runtime/tracing/tracing.js';

export interface SalesSideDeps {
  readonly database: Database;
  readonly secretBox: SecretBox;
  readonly cache: Cache;
  readonly tracing: Tracing;
  readonly wake: () => void;
}

/** What was sold, as far as it ends by itself. */
export function createSalesSide({ database, secretBox, cache, tracing, wake }: SalesSideDeps) {
  const { db, transact } = database;
  const customers = createCustomersService({ db, transact, secretBox, endSessions, wake });
  const packages = createPackagesService({ db, transact, cache });
  const clock = systemClock;
  const entitlements = createEntitlementsService({
    db,
    transact,
    customers,
    packages,
    endSessions,
    wake,
    clock,
    tracing,
  });
  return {
    customers,
    packages,
    handlers: {
      'entitlements.expire': async (_nothing: object, { signal }: { signal: AbortSignal }) => {
        while ((await entitlements.expireDue()) > 0) signal.throwIfAborted();
        while ((await entitlements.beginDue()) > 0) signal.throwIfAborted();
      },
    },
  };
}
