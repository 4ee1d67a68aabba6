import type { DevicesService } from '@turnpike/features/customers/devices.service.js';
import type { Purchases } from '@turnpike/features/payments/purchases.js';
import { captiveApi } from '@turnpike/features/portal/captive-api.routes.js';
import type { PortalConfig } from '@turnpike/features/portal/portal-config.js';
import { createPortalKeys } from '@turnpike/features/portal/portal-keys.js';
import { createPortalLimits } from '@turnpike/features/portal/portal-limits.js';
import { portalPages } from '@turnpike/features/portal/portal-pages.routes.js';
import { portalRoutes } from '@turnpike/features/portal/portal.routes.js';
import { createPortalService } from '@turnpike/features/portal/portal.service.js';
import { endSessions } from '@turnpike/features/sessions/session-ender.js';
import type { SettingsReader } from '@turnpike/features/settings/settings-reader.js';
import type { PortalVouchers } from '@turnpike/features/vouchers/portal-vouchers.js';
import { isUnavailable } from '@turnpike/db/database-errors.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { ApiConfig } from './config.js';
import type { FeatureDeps } from './feature-routes.js';

interface PortalParts extends Pick<
  FeatureDeps,
  'config' | 'settings' | 'stores' | 'secretBox' | 'cache' | 'wake' | 'tracing' | 'clock' | 'prefix'
> {
  readonly purchases: Purchases;
  readonly vouchers: PortalVouchers;
  readonly devices: DevicesService;
  readonly logger: Logger;
}

/** The captive portal: its pages, its endpoints, and what tells devices that they are captive. */
export function portalFeatures(parts: PortalParts) {
  const { stores, secretBox, cache, wake, clock, prefix, purchases, vouchers, devices, logger } = parts;
  const { db, transact } = stores.database;
  const config = portalConfig(parts.config, parts.settings);
  const limits = createPortalLimits({ redis: stores.counters, prefix });
  const keys = createPortalKeys(parts.config.ENCRYPTION_KEYS.map((key) => key.reveal()));
  const portal = createPortalService({
    db,
    transact,
    cache,
    purchases,
    devices,
    endSessions,
    wake,
    limits,
    secretBox,
    clock,
  });
  const deps = { portal, purchases, vouchers, limits, keys, clock, config, secretBox };
  return {
    routes: portalRoutes(deps),
    pages: portalPages({ ...deps, logger, isUnavailable, tracing: parts.tracing }),
    captive: captiveApi(deps),
  };
}

/** What was set last, at every page: nothing of it is kept. */
function portalConfig(config: ApiConfig, settings: Pick<SettingsReader, 'branding'>): PortalConfig {
  return {
    get name() {
      return settings.branding().name;
    },
    get color() {
      return settings.branding().color;
    },
    get contact() {
      return settings.branding().contact;
    },
    get timeZone() {
      return settings.branding().timeZone;
    },
    publicUrl: config.publicUrl.replace(/\/+$/, ''),
    allowLoopback: config.ROUTER_ALLOW_LOOPBACK,
  };
}
