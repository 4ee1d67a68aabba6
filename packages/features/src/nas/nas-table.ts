import { ATTR } from '@turnpike/radius/attributes.js';
import type { NasProfile, RadiusRequest } from '@turnpike/radius/udp-server.js';
import type { NasRow } from './nas.store.js';

/** Routers by source address. */
export interface NasTable {
  readonly size: number;
  profileAt(address: string): NasProfile | undefined;
  /** Id of the router that made a verified request; undefined when several share the address and none fits. */
  routerOf(request: Pick<RadiusRequest, 'nas' | 'packet' | 'secret' | 'source'>): string | undefined;
}

interface Place {
  readonly profile: NasProfile;
  readonly rows: readonly NasRow[];
}

/**
 * Routers behind one NAT share an address: any of their secrets is then tried, and the one that fits tells which router
 * it is; routers with equal secrets are told apart by NAS-Identifier.
 */
export function createNasTable(rows: readonly NasRow[]): NasTable {
  const byAddress = new Map<string, NasRow[]>();
  for (const row of rows) {
    const sharing = byAddress.get(row.address);
    if (sharing === undefined) byAddress.set(row.address, [row]);
    else sharing.push(row);
  }
  const places = new Map(
    [...byAddress].map(([address, sharing]) => [address, { profile: profileOf(sharing), rows: sharing }]),
  );
  return {
    size: rows.length,
    profileAt: (address) => places.get(address)?.profile,
    routerOf: (request) => routerAt(places.get(request.source.address), request),
  };
}

function profileOf(rows: readonly NasRow[]): NasProfile {
  const strict = rows.some((row) => row.messageAuthenticator === 'required');
  return {
    id: rows[0]?.id ?? '',
    secrets: rows.map((row) => row.secret),
    messageAuthenticator: strict ? 'required' : 'optional',
  };
}

function routerAt(
  place: Place | undefined,
  { nas, packet, secret }: Pick<RadiusRequest, 'nas' | 'packet' | 'secret'>,
): string | undefined {
  // The table was replaced while the request was under way and the address is no longer in it.
  if (place === undefined) return nas.id;
  if (place.rows.length === 1) return place.rows[0]?.id;
  const fitting = place.rows.filter((row) => row.secret.equals(secret));
  if (fitting.length === 1) return fitting[0]?.id;
  const identifier = packet.text(ATTR.NAS_IDENTIFIER);
  return fitting.find((row) => row.identifier !== null && row.identifier === identifier)?.id;
}
