import type { SiteSubject } from '@turnpike/contracts/endpoint.js';
import { assertNever } from '@turnpike/core/assert-never.js';
import type { Db } from '@turnpike/db/database.js';
import type { SiteCheck } from '@turnpike/runtime/http/entry-rules.js';
import { isPackageAt, isRouterAt, isRunAt, isSessionAt, isSessionCommandAt } from './site.store.js';

/** Tells the API of each thing that an endpoint's path names whether it belongs to the sites of who asks. */
export function createSiteCheck({ db }: { readonly db: Db }): SiteCheck {
  return (subject, id, sites) => ask(db, subject, id, sites);
}

function ask(db: Db, subject: SiteSubject, id: string, sites: readonly string[]): Promise<boolean> {
  switch (subject) {
    case 'router':
      return isRouterAt(db, id, sites);
    case 'run':
      return isRunAt(db, id, sites);
    case 'session':
      return isSessionAt(db, id, sites);
    case 'session-command':
      return isSessionCommandAt(db, id, sites);
    case 'package':
      return isPackageAt(db, id, sites);
    default:
      return assertNever(subject);
  }
}
