import type { Clock } from '@turnpike/core/clock.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Database } from '@turnpike/db/database.js';
import { createCustomerPrivacy } from '@turnpike/features/customers/customer-privacy.service.js';
import { createCustomerSearch } from '@turnpike/features/customers/customer-search.service.js';
import { customerRoutes } from '@turnpike/features/customers/customers.routes.js';
import type { CustomersService } from '@turnpike/features/customers/customers.service.js';
import type { DevicesService } from '@turnpike/features/customers/devices.service.js';
import { notificationRoutes } from '@turnpike/features/notifications/notifications.routes.js';
import { createNotificationsService } from '@turnpike/features/notifications/notifications.service.js';
import { endSessions } from '@turnpike/features/sessions/session-ender.js';
import type { SettingsReader } from '@turnpike/features/settings/settings-reader.js';
import type { VoucherCodes } from '@turnpike/features/vouchers/voucher-code.js';
import type { RouteBinding } from '@turnpike/runtime/http/route.js';

interface Deps {
  readonly settings: Pick<SettingsReader, 'sms'>;
  readonly database: Database;
  readonly secretBox: SecretBox;
  readonly customers: CustomersService;
  readonly devices: DevicesService;
  readonly codes: VoucherCodes;
  readonly wake: () => void;
  readonly clock: Clock;
}

/** Customers, their devices and data, and what is written to them. */
export function customerFeatures({
  settings,
  database,
  secretBox,
  customers,
  devices,
  codes,
  wake,
  clock,
}: Deps): RouteBinding[] {
  const { db, transact } = database;
  return [
    ...customerRoutes({
      customers,
      devices,
      search: createCustomerSearch({ db, codes }),
      privacy: createCustomerPrivacy({ transact, secretBox, endSessions, wake, clock }),
    }),
    ...notificationRoutes({
      notifications: createNotificationsService({
        db,
        transact,
        wake,
        callbackToken: () => settings.sms().callbackToken ?? undefined,
      }),
    }),
  ];
}
