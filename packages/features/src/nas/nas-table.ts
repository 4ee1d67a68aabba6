import { ATTR } from '@turnpike/radius/attributes.js';
import type { NasProfile } from '@turnpike/radius/nas-profile.js';
import type { RadiusRequest } from '@turnpike/radius/udp-server.js';
import type { NasBuckets } from './nas-buckets.js';
import { secretsToTry, type NasRow, type SecretUse } from './nas-row.js';

/** Whose secret one of a profile's is. */
export interface NasKey {
  readonly row: NasRow;
  readonly use: SecretUse;
}

/** Routers by source address. */
export interface NasTable {
  readonly size: number;
  /** Routers whose newest packet was made with a secret that is none of ours. */
  readonly mismatched: number;
  profileAt(address: string): NasProfile | undefined;
  /** Routers that share a source address. */
  rowsAt(address: string): readonly NasRow[];
  /** Whose secret `profile.secrets[index]` is: one router's as a rule; none for a profile of another table. */
  keysOf(profile: NasProfile, index: number): readonly NasKey[];
  /** Id of the router that made a verified request; undefined when several share the address and none fits. */
  routerOf(request: Pick<RadiusRequest, 'nas' | 'packet' | 'secret' | 'source'>): string | undefined;
  siteOf(routerId: string): string | null;
  /** For the table that comes after this one. */
  placeAt(address: string): Place | undefined;
}

interface Place {
  readonly profile: NasProfile;
  /** For each secret of the profile. */
  readonly keys: readonly (readonly NasKey[])[];
  readonly rows: readonly NasRow[];
}

const NO_ROWS: readonly NasRow[] = [];
const NO_KEYS: readonly NasKey[] = [];

/**
 * Routers behind one NAT share an address: any of their secrets is then tried, and the one that fits tells which router
 * it is; routers with equal secrets are told apart by NAS-Identifier.
 */
export function createNasTable(rows: readonly NasRow[], buckets: NasBuckets, before?: NasTable): NasTable {
  const byAddress = new Map<string, NasRow[]>();
  for (const row of rows) {
    const sharing = byAddress.get(row.address);
    if (sharing === undefined) byAddress.set(row.address, [row]);
    else sharing.push(row);
  }
  const places = new Map(
    [...byAddress].map(([address, sharing]) => [
      address,
      unchanged(before?.placeAt(address), sharing, buckets) ?? placeOf(address, sharing, buckets),
    ]),
  );
  buckets.prune();
  const keys = new Map([...places.values()].map((place) => [place.profile, place.keys]));
  const sites = new Map(rows.flatMap((row) => (row.site === null ? [] : [[row.id, row.site] as const])));
  return {
    size: rows.length,
    mismatched: rows.filter((row) => row.mismatched).length,
    profileAt: (address) => places.get(address)?.profile,
    rowsAt: (address) => places.get(address)?.rows ?? NO_ROWS,
    keysOf: (profile, index) => keys.get(profile)?.[index] ?? NO_KEYS,
    routerOf: (request) => routerAt(places.get(request.source.address), request),
    siteOf: (routerId) => sites.get(routerId) ?? null,
    placeAt: (address) => places.get(address),
  };
}

/** A place whose routers are the same ones goes on as it is. */
function unchanged(known: Place | undefined, rows: readonly NasRow[], buckets: NasBuckets): Place | undefined {
  if (known?.rows.length !== rows.length || !rows.every((row, index) => row === known.rows[index])) return undefined;
  const [first] = rows;
  if (first !== undefined) buckets.of(first.address, rows);
  return known;
}

function placeOf(address: string, rows: readonly NasRow[], buckets: NasBuckets): Place {
  const bySecret = new Map<string, { secret: Buffer; keys: NasKey[] }>();
  for (const row of rows) {
    for (const { secret, use } of secretsToTry(row)) {
      const text = secret.toString('latin1');
      const sharing = bySecret.get(text);
      if (sharing === undefined) bySecret.set(text, { secret, keys: [{ row, use }] });
      else sharing.keys.push({ row, use });
    }
  }
  const bucket = buckets.of(address, rows);
  // An unsigned request does not tell which of the routers made it: one that demands signatures demands them of all.
  const strict = rows.some((row) => row.messageAuthenticator === 'required');
  return {
    rows,
    keys: [...bySecret.values()].map(({ keys }) => keys),
    profile: {
      id: rows[0]?.id ?? '',
      secrets: [...bySecret.values()].map(({ secret }) => secret),
      messageAuthenticator: strict ? 'required' : 'optional',
      ...(bucket === undefined ? {} : { bucket }),
    },
  };
}

function routerAt(
  place: Place | undefined,
  { nas, packet, secret }: Pick<RadiusRequest, 'nas' | 'packet' | 'secret'>,
): string | undefined {
  // The table was replaced while the request was under way and the address is no longer in it.
  if (place === undefined) return nas.id;
  if (place.rows.length === 1) return place.rows[0]?.id;
  const fitting = place.rows.filter((row) => row.secrets.some((own) => own.equals(secret)));
  if (fitting.length === 1) return fitting[0]?.id;
  const identifier = packet.text(ATTR.NAS_IDENTIFIER);
  return fitting.find((row) => row.identifier !== null && row.identifier === identifier)?.id;
}
