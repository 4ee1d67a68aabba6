import type { Tx } from '@turnpike/db/database.js';
import { Prisma, type DeploymentState } from '@turnpike/db/generated/client.js';
import type { ServiceConfig } from '@turnpike/contracts/provisioning.js';

/** What provisioning needs to know of a router; the columns about its deployment are changed only here. */
export interface DeploymentRow {
  readonly id: string;
  readonly name: string;
  readonly deployment: DeploymentState;
  readonly nasAddress: string | null;
  readonly nasIdentifier: string | null;
  /** Sealed. */
  readonly radiusSecret: string;
  readonly deployedSecretFingerprint: string | null;
  /** What the last successful run put in place. */
  readonly deployedServices: Prisma.JsonValue;
}

const columns = {
  id: true,
  name: true,
  deployment: true,
  nasAddress: true,
  nasIdentifier: true,
  radiusSecret: true,
  deployedSecretFingerprint: true,
  deployedServices: true,
} as const;

export async function findDeployment(tx: Tx, routerId: string): Promise<DeploymentRow | null> {
  return tx.router.findFirst({ where: { id: routerId, deletedAt: null }, select: columns });
}

/** `sites` null: of all sites. */
export async function findDeployments(
  tx: Tx,
  ids: readonly string[],
  sites: readonly string[] | null,
): Promise<DeploymentRow[]> {
  const where = { id: { in: [...ids] }, deletedAt: null, ...(sites === null ? {} : { site: { in: [...sites] } }) };
  return tx.router.findMany({ where, select: columns });
}

export async function setDeployment(
  tx: Tx,
  routerId: string,
  deployment: DeploymentState,
  deployedServices?: readonly ServiceConfig[],
): Promise<void> {
  await tx.router.update({
    where: { id: routerId },
    data: {
      deployment,
      ...(deployedServices === undefined ? {} : { deployedServices: storedServices(deployedServices) }),
    },
  });
}

/** No services are stored as nothing at all, as on a router that never had any. */
function storedServices(services: readonly ServiceConfig[]): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return services.length === 0 ? Prisma.DbNull : [...services];
}

/** `null`: the router was not given one, or it is not known which. */
export async function rememberSecret(tx: Tx, routerId: string, fingerprint: string | null): Promise<void> {
  await tx.router.update({ where: { id: routerId }, data: { deployedSecretFingerprint: fingerprint } });
}
