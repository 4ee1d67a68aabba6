import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { StoredNas } from './nas.store.js';

/** Which of a NAS's live secrets: the one in force, or the one before while a rotation is under way. */
export type SecretUse = 'current' | 'previous';

/** A router as RADIUS sees it. */
export interface NasRow {
  readonly id: string;
  /** Source address of its packets. */
  readonly address: string;
  readonly identifier: string | null;
  readonly site: string | null;
  /** Live secrets, the current one first; two while one is rotated. */
  readonly secrets: readonly Buffer[];
  /** The secret it was last seen to use, else the one it was given last: the one to try first. */
  readonly inUse: SecretUse;
  /** When its secret was rotated, ms since 1970, or null: says which secrets `current` and `previous` are. */
  readonly generation: number | null;
  readonly messageAuthenticator: 'required' | 'optional';
  /** Its first signed Access-Request makes `messageAuthenticator` required. */
  readonly learning: boolean;
  /** Packets a second; null: the server's default, 0: no limit. */
  readonly rateLimit: number | null;
  /** Its newest packet was made with a secret that is none of ours. */
  readonly mismatched: boolean;
}

/** Opens a sealed secret. Throws SecretBoxError. */
export type OpenSecret = (sealed: string, routerId: string, column: SecretColumn) => Buffer;
export type SecretColumn = 'radius_secret' | 'previous_radius_secret';

export function secretPlace(routerId: string, column: SecretColumn) {
  return { table: 'router', row: routerId, column };
}

/**
 * Opens each sealed secret once and gives the same Buffer again, as what is derived from a secret is kept by its Buffer.
 * `begin` starts a reading of all routers: what the one before did not ask for is forgotten.
 */
export function createSecretOpener(secretBox: SecretBox): { open: OpenSecret; begin(): void } {
  let known = new Map<string, Buffer>();
  let asked = new Map<string, Buffer>();
  return {
    open(sealed, routerId, column) {
      const secret = known.get(sealed) ?? Buffer.from(secretBox.open(sealed, secretPlace(routerId, column)), 'utf8');
      known.set(sealed, secret);
      asked.set(sealed, secret);
      return secret;
    },
    begin() {
      known = asked;
      asked = new Map();
    },
  };
}

/** Throws SecretBoxError when a secret of the row cannot be opened. */
export function openNas(stored: StoredNas, open: OpenSecret, secretBox: SecretBox): NasRow {
  const { id, address, identifier, site, policy, signed, rateLimit, mismatched, sealedPrevious } = stored;
  const current = open(stored.sealedSecret, id, 'radius_secret');
  const previous = sealedPrevious === null ? undefined : open(sealedPrevious, id, 'previous_radius_secret');
  const required = policy === 'required' || (policy === 'learned' && signed);
  return {
    id,
    address,
    identifier,
    site,
    rateLimit,
    mismatched,
    secrets: previous === undefined ? [current] : [current, previous],
    inUse: previous === undefined || isCurrentInUse(stored, current, secretBox) ? 'current' : 'previous',
    generation: stored.rotatedAt?.getTime() ?? null,
    messageAuthenticator: required ? 'required' : 'optional',
    learning: policy === 'learned' && !signed,
  };
}

function isCurrentInUse({ currentInUse, givenFingerprint }: StoredNas, current: Buffer, secretBox: SecretBox): boolean {
  return currentInUse ?? givenFingerprint === secretBox.fingerprint(current.toString('utf8'));
}

/** The row itself, or the one read before when nothing has changed. */
export function sameOrNew(row: NasRow, before: NasRow | undefined): NasRow {
  if (before === undefined) return row;
  const { secrets, ...plain } = row;
  const { secrets: secretsBefore, ...plainBefore } = before;
  const known: Partial<Record<string, unknown>> = plainBefore;
  const same =
    Object.entries(plain).every(([field, value]) => known[field] === value) &&
    secrets.length === secretsBefore.length &&
    secrets.every((secret, index) => secret === secretsBefore[index]);
  return same ? before : row;
}

/** Live secrets in the order in which they are worth trying. */
export function secretsToTry(row: NasRow): { secret: Buffer; use: SecretUse }[] {
  const uses: readonly SecretUse[] = ['current', 'previous'];
  const keys = row.secrets.flatMap((secret, index) => ({ secret, use: uses[index] ?? 'previous' }));
  return row.inUse === 'current' ? keys : keys.reverse();
}
