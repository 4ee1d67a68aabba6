import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { SettingsReader } from '@turnpike/features/settings/settings-reader.js';
import { announceSettings } from '@turnpike/features/settings/settings-reader.js';
import { environmentSettings } from '@turnpike/features/settings/environment-settings.js';
import { createSettingsChecks } from '@turnpike/features/settings/settings-checks.js';
import { settingsRoutes } from '@turnpike/features/settings/settings.routes.js';
import { createSettingsService } from '@turnpike/features/settings/settings.service.js';
import type { RouteBinding } from '@turnpike/runtime/http/route.js';
import type { FeatureDeps } from './feature-routes.js';

interface Deps extends Pick<FeatureDeps, 'config' | 'stores' | 'requester' | 'clock' | 'prefix'> {
  readonly secretBox: SecretBox;
  readonly settings: SettingsReader;
  readonly namesOf: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

/** What operators set in the console. Only workers talk to the outside: one of them tries the settings out. */
export function settingsFeatures(deps: Deps): RouteBinding[] {
  const { config, stores, requester, secretBox, settings: reader, namesOf, clock, prefix } = deps;
  const { db, transact } = stores.database;
  const allowLoopback = config.ROUTER_ALLOW_LOOPBACK;
  const settings = createSettingsService({
    db,
    transact,
    secretBox,
    environment: environmentSettings(config),
    reader,
    announce: () => announceSettings(stores.durable, prefix),
    namesOf,
    publicUrl: config.publicUrl.replace(/\/+$/, ''),
    allowLoopback,
    clock,
  });
  const checks = createSettingsChecks({ requester, settings, secretBox, transact, allowLoopback });
  return settingsRoutes({ settings, checks });
}
