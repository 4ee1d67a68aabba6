import type { ServiceConfig } from '@turnpike/contracts/provisioning.js';
import { AppError } from '@turnpike/core/app-error.js';
import { Secret } from '@turnpike/core/secret.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Db } from '@turnpike/db/database.js';
import { findDeployment } from './deployment.store.js';
import type { RadiusSettings } from './desired-object.js';
import { routerFiles } from '../portal/router-pages.js';
import type { PlanInput } from './planner.js';
import type { PortalTarget } from './portal-files.js';

export interface PlanInputDeps {
  readonly db: Db;
  readonly radius: RadiusSettings;
  readonly secretBox: SecretBox;
  /** undefined: routers show their own pages. */
  readonly portal?: PortalSettings | undefined;
}

/** What the pages on routers say, and where they lead. */
export interface PortalSettings {
  /** Where phones reach the portal, without a slash at the end. */
  readonly url: string;
  /** How the network is called. */
  readonly name: string;
  /** `#rrggbb` */
  readonly color: string;
}

/** What is wished for this router, as it stands in the database now. Throws `not_found`. */
export async function planInputOf(
  { db, radius, secretBox, portal }: PlanInputDeps,
  routerId: string,
  services: readonly ServiceConfig[],
): Promise<PlanInput> {
  const router = await findDeployment(db, routerId);
  if (router === null) throw new AppError('not_found', `there is no router ${routerId}`);
  const secret = secretBox.open(router.radiusSecret, { table: 'router', row: router.id, column: 'radius_secret' });
  return {
    services,
    radius,
    nas: {
      address: router.nasAddress,
      identifier: router.nasIdentifier,
      secret: new Secret(secret),
      secretFingerprint: secretBox.fingerprint(secret),
    },
    deployedSecret: router.deployedSecretFingerprint ?? undefined,
    portal: portal && portalTarget(portal, router.id),
  };
}

function portalTarget({ url, name, color }: PortalSettings, nas: string): PortalTarget {
  const loginPageUrl = `${url}/portal/router-files/${nas}/login.html`;
  return { url: new URL(url), pages: routerFiles({ portalUrl: url, nas, name, color }), loginPageUrl };
}
