import { accountOfDevice, voucherHolder } from '@turnpike/features/customers/voucher-customer.js';
import type { EntitlementsService } from '@turnpike/features/entitlements/entitlements.service.js';
import type { PackagesService } from '@turnpike/features/packages/packages.service.js';
import { createRedemptionReader } from '@turnpike/features/vouchers/batch-redemptions.js';
import { createPortalVouchers } from '@turnpike/features/vouchers/portal-vouchers.js';
import type { VoucherCodes } from '@turnpike/features/vouchers/voucher-code.js';
import { createVoucherLimits } from '@turnpike/features/vouchers/voucher-limits.js';
import { createVoucherRedemption } from '@turnpike/features/vouchers/voucher-redemption.js';
import { voucherRoutes } from '@turnpike/features/vouchers/vouchers.routes.js';
import { createVouchersService } from '@turnpike/features/vouchers/vouchers.service.js';
import type { FeatureDeps } from './feature-routes.js';

interface VoucherParts extends Pick<
  FeatureDeps,
  'config' | 'settings' | 'stores' | 'secretBox' | 'metrics' | 'wake' | 'clock' | 'prefix'
> {
  readonly packages: PackagesService;
  readonly entitlements: EntitlementsService;
  readonly codes: VoucherCodes;
}

/** Vouchers as operators, agents and the portal need them. */
export function voucherFeatures(parts: VoucherParts) {
  const { config, settings, stores, secretBox, metrics, wake, clock, prefix, packages, entitlements, codes } = parts;
  const { db, transact } = stores.database;
  const redemption = createVoucherRedemption({ db, transact, secretBox, codes, clock, wake });
  const vouchers = createVouchersService({ db, transact, packages, entitlements, redemption, codes, clock, wake });
  const limits = createVoucherLimits({ redis: stores.counters, metrics, role: 'api', prefix });
  return {
    vouchers,
    portalVouchers: createPortalVouchers({
      codes,
      redemption,
      limits,
      accountOf: (mac) => accountOfDevice(db, mac),
      usernameOf: async (id) => (await voucherHolder(db, id))?.username,
    }),
    routes: voucherRoutes({
      vouchers,
      redemptions: createRedemptionReader({ db, timeZone: () => settings.branding().timeZone }),
      publicUrl: config.publicUrl,
    }),
  };
}
