import { hotspotService } from '@turnpike/contracts/provisioning.js';
import type { Tx } from '@turnpike/db/database.js';
import { z } from 'zod';
import { findRouterRow } from './router.store.js';

/** A router, for who stands at it. */
export interface RouterPlace {
  readonly id: string;
  readonly name: string;
  readonly site: string | null;
  /** Names under which it serves its login page. */
  readonly dnsNames: readonly string[];
}

/** For other features; undefined when there is no such router (any more). */
export async function routerPlace(tx: Tx, id: string): Promise<RouterPlace | undefined> {
  const row = await findRouterRow(tx, id);
  if (row === null) return undefined;
  const { name, site, deployedServices } = row;
  return { id, name, site, dnsNames: dnsNamesOf(deployedServices) };
}

const services = z.array(z.unknown());

function dnsNamesOf(deployed: unknown): string[] {
  return (services.safeParse(deployed).data ?? []).flatMap((service) => {
    const name = hotspotService.safeParse(service).data?.dnsName;
    return name === undefined ? [] : [name];
  });
}
