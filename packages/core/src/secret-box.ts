import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  randomBytes,
  type KeyObject,
  createSecretKey,
} from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const AUTH_TAG_LENGTH = 16;
const IV_LENGTH = 12;

/** Where an encrypted value lives; it is authenticated with the value, so a ciphertext moved to another row is refused. */
export interface SecretPlace {
  readonly table: string;
  readonly row: string;
  readonly column: string;
}

export class SecretBoxError extends Error {
  override readonly name = 'SecretBoxError';
}

/**
 * Encrypts secrets at rest: AES-256-GCM, 96-bit random nonce, 128-bit tag (NIST SP 800-38D).
 * Text form: `v1.<key id>.<base64url(nonce | ciphertext | tag)>`. Several keys may be live while one is rotated out:
 * the first encrypts, all decrypt.
 */
export class SecretBox {
  readonly #keys = new Map<string, KeyObject>();
  readonly #current: string;
  readonly #hmacKey: Buffer;

  /** `keys`: one or more keys of 32 bytes as 64 hex digits, the current one first. */
  constructor(keys: readonly string[]) {
    for (const hex of keys) {
      if (!/^[0-9a-f]{64}$/i.test(hex)) throw new SecretBoxError('an encryption key must be 64 hex digits (32 bytes)');
      const raw = Buffer.from(hex, 'hex');
      this.#keys.set(keyId(raw), createSecretKey(raw));
    }
    const first = keys[0];
    if (first === undefined) throw new SecretBoxError('at least one encryption key is needed');
    const raw = Buffer.from(first, 'hex');
    this.#current = keyId(raw);
    this.#hmacKey = createHash('sha256').update('turnpike fingerprint').update(raw).digest();
  }

  seal(plain: string, place: SecretPlace): string {
    const nonce = randomBytes(IV_LENGTH);
    const cipher = createCipheriv(ALGORITHM, this.#key(this.#current), nonce, { authTagLength: AUTH_TAG_LENGTH });
    cipher.setAAD(aad(place));
    const body = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `v1.${this.#current}.${body.toString('base64url')}`;
  }

  /** Throws SecretBoxError when the text was changed, belongs to another place, or its key is not among ours. */
  open(sealed: string, place: SecretPlace): string {
    const [version, id, encoded] = sealed.split('.');
    if (version !== 'v1' || id === undefined || encoded === undefined) throw new SecretBoxError('not a sealed secret');
    const body = Buffer.from(encoded, 'base64url');
    if (body.length < IV_LENGTH + AUTH_TAG_LENGTH) throw new SecretBoxError('a sealed secret is cut short');
    const decipher = createDecipheriv(ALGORITHM, this.#key(id), body.subarray(0, IV_LENGTH), {
      authTagLength: AUTH_TAG_LENGTH,
    });
    decipher.setAAD(aad(place));
    decipher.setAuthTag(body.subarray(body.length - AUTH_TAG_LENGTH));
    try {
      const plain = decipher.update(body.subarray(IV_LENGTH, body.length - AUTH_TAG_LENGTH));
      return Buffer.concat([plain, decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new SecretBoxError(`secret of ${place.table}.${place.column} cannot be opened`, { cause });
    }
  }

  /** Keyed hash of a secret: tells whether two are equal without revealing either. */
  fingerprint(plain: string): string {
    return createHmac('sha256', this.#hmacKey).update(plain).digest('base64url');
  }

  #key(id: string): KeyObject {
    const key = this.#keys.get(id);
    if (key === undefined) throw new SecretBoxError(`encryption key ${id} is not configured`);
    return key;
  }
}

function keyId(raw: Buffer): string {
  return createHash('sha256').update(raw).digest('hex').slice(0, 8);
}

function aad(place: SecretPlace): Buffer {
  return Buffer.from(`${place.table}:${place.row}:${place.column}`, 'utf8');
}
