import type { Random } from './random.js';
import { RFC_ATTRIBUTES, SIZES, VENDORS, columnOf, type RfcAttribute } from './rfc-attributes.js';
import { md5, sign, styleOf } from './signatures.js';

/** A packet being made: the first `length` bytes of `bytes`. */
export interface Draft {
  readonly bytes: Buffer;
  length: number;
}

/** Room for what mutations add, up to the largest UDP datagram. */
const ROOM = 65_536;
const HEADER = 20;
const MOST = 4096;

/** Requests we serve come often, replies and the rest seldom: they take the shorter paths. */
const ALL_CODES: readonly [number, ...number[]] = [
  1, 1, 1, 1, 1, 1, 4, 4, 4, 4, 12, 40, 43, 2, 3, 11, 5, 41, 42, 44, 45,
];

export function createDraft(): Draft {
  return { bytes: Buffer.alloc(ROOM), length: 0 };
}

export interface Generated {
  /** In the clear, where the packet holds User-Password or CHAP-Password. */
  readonly password: Buffer | undefined;
  readonly code: number;
}

export interface Generator {
  /** Writes a packet that every RFC allows once `sign` has filled in its proofs. Passwords are hidden with `secret`. */
  packet(random: Random, draft: Draft, secret: Buffer): Generated;
  /** Appends one attribute of a type the RFCs know, with a value of an allowed size; false where it does not fit. */
  attribute(random: Random, draft: Draft, attribute: RfcAttribute): boolean;
}

export function createGenerator(codes: readonly [number, ...number[]] = ALL_CODES): Generator {
  const byColumn = Array.from({ length: 7 }, (_, column) => RFC_ATTRIBUTES.filter(isFiller(column)));
  const scratch = Buffer.alloc(256);

  function attribute(random: Random, draft: Draft, [type, kind]: RfcAttribute): boolean {
    if (kind === 'vendor') return vendorAttribute(random, draft);
    const [least, most] = SIZES[kind];
    // Long values are rare in the field, but their edges are where length bytes go wrong.
    const size =
      least === most
        ? least
        : random.chance(0.03)
          ? random.pick([least, most])
          : random.between(least, Math.min(most, 40));
    if (kind === 'user-password') return random.chance(0.5) && append(draft, type, random.bytes(16));
    if (kind === 'text' && random.chance(0.7)) {
      for (let i = 0; i < size; i += 1) scratch[i] = 33 + random.below(94);
    } else {
      random.fill(scratch, 0, size);
    }
    return append(draft, type, scratch.subarray(0, size));
  }

  return {
    packet(random, draft, secret) {
      const code = random.pick(codes);
      draft.length = HEADER;
      draft.bytes[0] = code;
      draft.bytes[1] = random.next();
      random.fill(draft.bytes, 4, HEADER);
      const signed = code === 12 || random.chance(0.6);
      const signatureFirst = random.chance(0.5);
      if (signed && signatureFirst) append(draft, 80, Buffer.alloc(16));
      const password = code === 1 ? credentials(random, draft, secret, signed) : undefined;
      if (code === 4) accounting(random, draft);
      fillers(random, draft, code, signed);
      if (signed && !signatureFirst) append(draft, 80, Buffer.alloc(16));
      draft.bytes.writeUInt16BE(draft.length, 2);
      return { password, code };
    },
    attribute,
  };

  function fillers(random: Random, draft: Draft, code: number, signed: boolean): void {
    const column = columnOf(code) ?? (styleOf(code) === 'reply' ? 3 : undefined);
    const choices = column === undefined ? [] : (byColumn[column] ?? []);
    const wanted = random.chance(0.01) ? random.between(20, 60) : random.below(12);
    const used = new Uint8Array(256);
    for (let i = 0; i < wanted; i += 1) {
      const choice = choices[random.below(choices.length)];
      if (choice === undefined) break;
      const repeats = choice[2][column ?? 0] === '*';
      if (!repeats && used[choice[0]] === 1) continue;
      // Rules of CVE-2024-3596 and RFC 3579: these need a signature, and EAP-Message no other credentials.
      if ((choice[0] === 33 && code === 1 && !signed) || (choice[0] === 79 && (code === 1 || !signed))) continue;
      used[choice[0]] = 1;
      attribute(random, draft, choice);
    }
    // Numbers nobody has given out are no fault (RFC 2865 5: a server may ignore them).
    if (random.chance(0.1))
      append(draft, random.pick([17, 21, 54, 102, 125, 192, 240, 255]), random.bytes(random.below(20)));
  }
}

/** Attributes to choose from for a column, less those the packet's own rules place. */
function isFiller(column: number): (attribute: RfcAttribute) => boolean {
  const placed = new Set([1, 2, 3, 4, 32, 40, 44, 60, 70, 73, 74, 80]);
  return ([type, , counts]) => !placed.has(type) && (counts[column] === '?' || counts[column] === '*');
}

function credentials(random: Random, draft: Draft, secret: Buffer, signed: boolean): Buffer | undefined {
  append(draft, 1, Buffer.from(`user${random.below(100_000)}`));
  if (random.chance(0.7)) append(draft, 4, random.bytes(4));
  else append(draft, 32, Buffer.from('hotspot-1'));
  const password = Buffer.from(`pass${random.below(1_000_000)}`);
  const method = random.below(signed ? 4 : 3);
  if (method === 0) append(draft, 2, hidden(password, draft.bytes.subarray(4, HEADER), secret));
  if (method === 1) chap(random, draft, password);
  if (method === 2) mschap2(random, draft);
  if (method === 3) {
    append(draft, 79, random.bytes(random.between(1, 200)));
    if (random.chance(0.3)) append(draft, 79, random.bytes(random.between(1, 200)));
  }
  return method <= 1 ? password : undefined;
}

/** RFC 2865 5.2, for a password of one block. */
function hidden(password: Buffer, authenticator: Buffer, secret: Buffer): Buffer {
  const block = Buffer.alloc(16);
  password.copy(block);
  const mask = md5(secret, authenticator);
  for (let i = 0; i < 16; i += 1) block[i] = (block[i] ?? 0) ^ (mask[i] ?? 0);
  return block;
}

function chap(random: Random, draft: Draft, password: Buffer): void {
  const identifier = Buffer.from([random.below(256)]);
  const own = random.chance(0.5) ? random.bytes(16) : undefined;
  const challenge = own ?? Buffer.from(draft.bytes.subarray(4, HEADER));
  append(draft, 3, Buffer.concat([identifier, md5(identifier, password, challenge)]));
  if (own !== undefined) append(draft, 60, own);
}

function mschap2(random: Random, draft: Draft): void {
  appendVendor(draft, VENDORS.microsoft, 11, random.bytes(16));
  appendVendor(draft, VENDORS.microsoft, 25, random.bytes(50));
  // The credentials are in Vendor-Specific, which the table of RFC 2865 does not know; routers send no State with them.
}

function accounting(random: Random, draft: Draft): void {
  append(draft, 40, Buffer.from([0, 0, 0, random.pick([1, 2, 3, 7, 8])]));
  append(draft, 44, Buffer.from(random.next().toString(16).padStart(8, '0')));
  append(draft, 4, random.bytes(4));
  if (random.chance(0.9)) append(draft, 1, Buffer.from(`user${random.below(100_000)}`));
}

/** One Vendor-Specific of a vendor we know or not, with one to three sub-attributes of allowed sizes. */
function vendorAttribute(random: Random, draft: Draft): boolean {
  const vendor = random.pick([
    VENDORS.mikrotik,
    VENDORS.mikrotik,
    VENDORS.wispr,
    VENDORS.microsoft,
    VENDORS.cisco,
    VENDORS.unknown,
  ]);
  if (vendor === VENDORS.unknown) {
    // A vendor's own format, which is nobody else's business (RFC 2865 5.26).
    return append(draft, 26, Buffer.concat([Buffer.from([0, 0xff, 0xff, 0xfe]), random.bytes(random.between(1, 60))]));
  }
  const value = Buffer.alloc(253);
  value.writeUInt32BE(vendor, 0);
  let size = 4;
  for (let count = random.pick([1, 1, 1, 2, 3]); count > 0; count -= 1) {
    const [type, bytes] = vendorValue(random, vendor);
    if (size + 2 + bytes.length > value.length) break;
    value[size] = type;
    value[size + 1] = bytes.length + 2;
    bytes.copy(value, size + 2);
    size += 2 + bytes.length;
  }
  return append(draft, 26, value.subarray(0, size));
}

function vendorValue(random: Random, vendor: number): [type: number, value: Buffer] {
  if (vendor === VENDORS.mikrotik) {
    const type = random.pick([1, 2, 3, 8, 11, 13, 14, 15, 17, 18, 19]);
    const isNumber = ![3, 8, 11, 19].includes(type);
    return [type, isNumber ? random.bytes(4) : Buffer.from('10M/10M').subarray(0, random.between(1, 7))];
  }
  if (vendor === VENDORS.microsoft) {
    const type = random.pick([7, 8, 10]);
    return [type, type === 10 ? Buffer.from('DOMAIN') : random.bytes(4)];
  }
  return [random.between(1, 30), random.bytes(random.between(1, 30))];
}

export function append(draft: Draft, type: number, value: Buffer): boolean {
  if (value.length > 253 || draft.length + 2 + value.length > MOST) return false;
  draft.bytes[draft.length] = type;
  draft.bytes[draft.length + 1] = value.length + 2;
  value.copy(draft.bytes, draft.length + 2);
  draft.length += 2 + value.length;
  return true;
}

function appendVendor(draft: Draft, vendor: number, type: number, value: Buffer): void {
  const whole = Buffer.alloc(6 + value.length);
  whole.writeUInt32BE(vendor, 0);
  whole[4] = type;
  whole[5] = value.length + 2;
  value.copy(whole, 6);
  append(draft, 26, whole);
}

/** Signs what can be signed: a packet whose Length fits in what is there. */
export function signDraft({ bytes, length }: Draft, secret: Buffer, requestAuthenticator: Buffer): void {
  const packetLength = length < HEADER ? 0 : bytes.readUInt16BE(2);
  if (packetLength < HEADER || packetLength > length || packetLength > MOST) return;
  sign(bytes.subarray(0, packetLength), secret, requestAuthenticator);
}
