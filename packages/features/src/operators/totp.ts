import { Secret, TOTP } from 'otpauth';

const PERIOD_SECONDS = 30;
/** Steps that a phone's clock may be wrong, either way. */
const WINDOW = 1;
/** As long as the hash, RFC 4226 section 4. */
const SECRET_BYTES = 20;

/** 160 random bits in Base32. */
export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** What authenticator apps read: `otpauth://totp/Turnpike:who?secret=...` */
export function totpUri(secret: string, account: string): string {
  return totpOf(secret, account).toString();
}

/**
 * The time step (Unix time / 30 s) that a code of RFC 6238 belongs to, now or one step around; undefined when it belongs to
 * none. Compares in constant time.
 */
export function totpStep(secret: string, code: string, now: Date): number | undefined {
  const delta = totpOf(secret, '').validate({ token: code, window: WINDOW, timestamp: now.getTime() });
  return delta === null ? undefined : Math.floor(now.getTime() / 1_000 / PERIOD_SECONDS) + delta;
}

function totpOf(secret: string, label: string): TOTP {
  return new TOTP({
    issuer: 'Turnpike',
    label,
    algorithm: 'SHA1',
    digits: 6,
    period: PERIOD_SECONDS,
    secret: Secret.fromBase32(secret),
  });
}
