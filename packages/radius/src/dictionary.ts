import { fileURLToPath } from 'node:url';
import radius from 'radius';
import type { Attribute } from './attributes.js';

// The published types leave these out.
declare module 'radius' {
  function load_dictionaries(): void;
  function load_dictionary(file: string): void;
  function attr_id_to_name(type: number, vendor?: number): string | undefined;
  function attr_name_to_id(name: string, vendor?: number): string | undefined;
  function vendor_name_to_id(name: string): string | undefined;
}

const OWN_VENDORS = { Mikrotik: 'mikrotik', Microsoft: 'microsoft', WISPr: 'wispr' } as const;
const HEADER = [1, 0, 0, 0];
const VENDOR_SPECIFIC = 26;

/** Names and printable values of attributes. Only for people: logs, screens, error messages; never for a decision. */
export interface RadiusDictionary {
  /** For example `Session-Timeout`, `Mikrotik-Rate-Limit`; `Attr-200` or `Vendor-9-Attr-1` where nobody named it. */
  nameOf(type: number, vendor?: number): string;
  /** Number of a standard attribute, or of a vendor's; undefined for an unknown name. */
  numberOf(name: string, vendor?: number): number | undefined;
  /** Value as its type prints: an enumerated integer by name, text, address; hexadecimal where nothing fits. */
  print(attribute: Attribute): string;
}

/**
 * The dictionaries of npm `radius` (RFC 2865 to 5904) and ours (dictionaries/). The first call reads some twenty files
 * synchronously (about 10 ms); the library keeps them, so later calls cost nothing.
 */
export function loadDictionary(): RadiusDictionary {
  radius.load_dictionaries();
  for (const [vendor, file] of Object.entries(OWN_VENDORS)) {
    if (radius.vendor_name_to_id(vendor) !== undefined) continue;
    radius.load_dictionary(fileURLToPath(new URL(`../dictionaries/dictionary.${file}`, import.meta.url)));
  }
  return { nameOf, numberOf, print };
}

function nameOf(type: number, vendor?: number): string {
  const name = radius.attr_id_to_name(type, vendor);
  if (name !== undefined) return name;
  return vendor === undefined ? `Attr-${type}` : `Vendor-${vendor}-Attr-${type}`;
}

function numberOf(name: string, vendor?: number): number | undefined {
  const id = Number(radius.attr_name_to_id(name, vendor));
  return Number.isInteger(id) ? id : undefined;
}

function print(attribute: Attribute): string {
  const decoded = decodeAlone(attribute);
  if (typeof decoded === 'number') return String(decoded);
  if (typeof decoded === 'string') return printable(decoded);
  if (decoded instanceof Date) return decoded.toISOString();
  return `0x${attribute.value.toString('hex')}`;
}

/** The library throws on some well-formed values, so each attribute goes through it in a packet of its own. */
function decodeAlone(attribute: Attribute): unknown {
  try {
    const decoded: unknown = radius.decode_without_secret({ packet: packetOf(attribute) }).attributes;
    const values = attribute.vendor === undefined ? decoded : propertyOf(decoded, 'Vendor-Specific');
    return typeof values === 'object' && values !== null ? Object.values(values)[0] : undefined;
  } catch {
    return undefined;
  }
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

function packetOf({ type, value, vendor }: Attribute): Buffer {
  const plain = Buffer.concat([Buffer.from([type, value.length + 2]), value]);
  const parts = [Buffer.from(HEADER), Buffer.alloc(16), plain];
  if (vendor !== undefined) {
    const outer = Buffer.alloc(6);
    outer.writeUInt8(VENDOR_SPECIFIC, 0);
    outer.writeUInt8(plain.length + 6, 1);
    outer.writeUInt32BE(vendor, 2);
    parts.splice(2, 0, outer);
  }
  const packet = Buffer.concat(parts);
  packet.writeUInt16BE(packet.length, 2);
  return packet;
}

/** Control characters escaped, so that a value cannot forge a log line. */
function printable(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
