import type { PortalPackage } from '@turnpike/contracts/portal.js';
import type { PublicPackage } from '../packages/public-packages.js';

/** A package as the portal keeps it for a while: what it shows, and where it is valid. */
export interface PlacedPackage {
  readonly sites: readonly string[];
  readonly routerIds: readonly string[];
  readonly shown: PortalPackage;
}

export function placedPackage(row: PublicPackage): PlacedPackage {
  const { id, name, description, priceMinor, currency, validForSeconds, downKbps, upKbps, devices } = row;
  return {
    sites: row.sites,
    routerIds: row.routerIds,
    shown: {
      ...{ id, name, description, priceMinor, currency, validForSeconds, downKbps, upKbps, devices },
      quotaOctets: row.quotaOctets?.toString() ?? null,
      onlineSeconds: row.onlineSeconds === null ? null : Number(row.onlineSeconds),
    },
  };
}

/** Where nobody says at which router the phone is, everything is shown that is valid everywhere. */
export function isValidAt(
  one: PlacedPackage,
  place: { readonly id: string; readonly site: string | null } | undefined,
): boolean {
  if (one.sites.length === 0 && one.routerIds.length === 0) return true;
  if (place === undefined) return false;
  return one.routerIds.includes(place.id) || (place.site !== null && one.sites.includes(place.site));
}
