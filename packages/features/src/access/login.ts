import { parseMacAddress } from '@turnpike/core/mac-address.js';
import type { Attribute } from '@turnpike/radius/attributes.js';
import { textOf } from '@turnpike/radius/packet.js';
import { proveWith, type CredentialMethod, type Credentials } from './credentials.js';
import type { CredentialCheck } from './access-decision.js';
import type { CustomerPasswords } from './customer-passwords.js';
import type { SubjectName } from './subject-directory.js';
import type { SubjectSnapshot } from './subject-snapshot.js';

/** How somebody proves to be a customer; a closed set. */
export type LoginMethod = CredentialMethod | 'mac' | 'voucher';

/** One reading of a request: who it would be, and what proves it. */
export interface Login {
  readonly method: LoginMethod;
  readonly name: SubjectName;
  /** Whether the credentials are those of the customer; asked only once there is one. */
  readonly check: (subject: SubjectSnapshot) => CredentialCheck;
  /** What the login method wants in the Accept; set by a check that went well. */
  readonly proof: () => readonly Attribute[];
  /** Of a voucher, in the spelling that is hashed. */
  readonly code?: string;
}

/** What reads vouchers. */
export interface VoucherCodes {
  /** The code in one spelling; undefined for what is none. */
  parse(text: string): string | undefined;
  /** Username of the customer that the code becomes. */
  usernameOf(code: string): string;
}

const NO_PASSWORD = Buffer.alloc(0);
const NO_PROOF: readonly Attribute[] = [];

/**
 * The ways in which a request can be read, in the order to try them: as a device that logs in by its address, as a
 * voucher, and as a username with its password. A name may be read several ways; who proves to be none of the first is
 * looked for as the next, so nobody is locked out by a name that happens to look like a code.
 */
export function readLogins(input: {
  readonly username: Buffer;
  readonly credentials: Credentials;
  readonly device: string | undefined;
  readonly vouchers: VoucherCodes | undefined;
  readonly passwords: CustomerPasswords;
}): Login[] {
  const { username, credentials, device, vouchers, passwords } = input;
  const logins: Login[] = [];
  // Fourteen characters at least in any spelling of either but the bare twelve digits.
  if (username.length >= 12 && username.length <= 32) {
    const text = textOf(username);
    const byDevice = deviceLogin(text, username, credentials, device);
    if (byDevice !== undefined) logins.push(byDevice);
    const byVoucher = vouchers && voucherLogin(text, username, credentials, vouchers);
    if (byVoucher !== undefined) logins.push(byVoucher);
  }
  logins.push(passwordLogin(username, credentials, passwords));
  return logins;
}

/** User-Name and Calling-Station-Id name the same address, and the password adds nothing to them. */
function deviceLogin(
  text: string,
  username: Buffer,
  credentials: Credentials,
  device: string | undefined,
): Login | undefined {
  const mac = parseMacAddress(text);
  if (mac === undefined || mac !== device) return undefined;
  const proof = proofOf(credentials, [NO_PASSWORD, username]);
  if (proof === undefined) return undefined;
  return { method: 'mac', name: { kind: 'device', mac }, check: () => 'ok', proof: () => proof };
}

/** The code stands in the packet: the password is the same code in any spelling, or none at all. */
function voucherLogin(
  text: string,
  username: Buffer,
  credentials: Credentials,
  vouchers: VoucherCodes,
): Login | undefined {
  const code = vouchers.parse(text);
  if (code === undefined) return undefined;
  const spelled = credentials.method === 'pap' && vouchers.parse(textOf(credentials.password)) === code;
  const proof = spelled ? NO_PROOF : proofOf(credentials, [username, Buffer.from(code), NO_PASSWORD]);
  if (proof === undefined) return undefined;
  const bytes = Buffer.from(vouchers.usernameOf(code));
  return { method: 'voucher', name: { kind: 'username', bytes }, check: () => 'ok', proof: () => proof, code };
}

function passwordLogin(username: Buffer, credentials: Credentials, passwords: CustomerPasswords): Login {
  let proof: readonly Attribute[] | undefined;
  return {
    method: credentials.method,
    name: { kind: 'username', bytes: username },
    check(subject) {
      if (credentials.method === 'none' || credentials.method === 'eap') return 'unsupported_method';
      proof = proveWith(credentials, passwords.open(subject));
      return proof === undefined ? 'wrong_password' : 'ok';
    },
    proof: () => proof ?? NO_PROOF,
  };
}

/** RouterOS sends an empty password where it is told to send none, and no password attribute at all is the same. */
function proofOf(credentials: Credentials, candidates: readonly Buffer[]): readonly Attribute[] | undefined {
  if (credentials.method === 'none') return NO_PROOF;
  for (const candidate of candidates) {
    const proof = proveWith(credentials, candidate);
    if (proof !== undefined) return proof;
  }
  return undefined;
}
