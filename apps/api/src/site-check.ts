import type { SiteSubject } from '@turnpike/contracts/endpoint.js';
import type { Db } from '@turnpike/db/database.js';
import { isAlertAt } from '@turnpike/features/alerts/alert.store.js';
import { isPackageAt } from '@turnpike/features/packages/package.store.js';
import { isRunAt } from '@turnpike/features/provisioning/provisioning.store.js';
import { isRouterAt } from '@turnpike/features/routers/router.store.js';
import { isSessionCommandAt } from '@turnpike/features/sessions/session-command.store.js';
import { isSessionAt } from '@turnpike/features/sessions/session.store.js';
import type { SiteCheck } from '@turnpike/runtime/http/entry-rules.js';

type IsAt = (db: Db, id: string, sites: readonly string[]) => Promise<boolean>;

const checks: { readonly [Subject in SiteSubject]: IsAt } = {
  router: isRouterAt,
  run: isRunAt,
  session: isSessionAt,
  'session-command': isSessionCommandAt,
  alert: isAlertAt,
  package: isPackageAt,
};

/** Tells of each thing that an endpoint's path names whether it belongs to the sites of who asks. */
export function createSiteCheck({ db }: { readonly db: Db }): SiteCheck {
  return (subject, id, sites) => checks[subject](db, id, sites);
}
