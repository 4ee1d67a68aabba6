import { SIZES, VENDORS, columnOf, rfcAttributesByType, type RfcAttribute } from './rfc-attributes.js';

/** A rule of the RFCs on how packets are built; a packet that breaks one must be dropped. */
export type WireRule =
  'header' | 'length' | 'code' | 'attribute-bounds' | 'attribute-size' | 'repeated' | 'two-credentials' | 'vendor-size';

/** A rule a receiver may let pass; why we do is said in `LENIENT`. */
export type LenientRule = 'empty-value' | 'not-in-this-packet' | 'missing';

/** What is let pass although an RFC forbids sending it, and why. */
export const LENIENT: Readonly<Record<LenientRule, string>> = {
  'empty-value':
    'RFC 2865 5 forbids to send a text of no bytes; receivers (FreeRADIUS among them) read it as absent, and a NAS with an empty port or service name would lose its customers',
  'not-in-this-packet':
    'the tables say what a sender may put into which packet; routers send limits and Class where they have no column, and what a handler does not ask for has no effect',
  missing:
    'what must be there (a NAS identity, credentials, a session id) is asked for by the handlers, not by the codec',
};

export interface RawAttribute {
  readonly type: number;
  readonly value: Buffer;
}

export interface Judgement {
  /** First wire rule the datagram breaks and where; undefined: well-formed. */
  readonly broken: WireRule | undefined;
  readonly detail: string;
  readonly lenient: ReadonlySet<LenientRule>;
  /** The packet without padding and its attributes; empty when it cannot be walked. */
  readonly packet: Buffer;
  readonly attributes: readonly RawAttribute[];
}

const HEADER = 20;
const CODES = [1, 2, 3, 4, 5, 11, 12, 13, 40, 41, 42, 43, 44, 45];
const NO_BYTES = Buffer.alloc(0);
/** Sizes of Microsoft's credentials (RFC 2548 2.1.3, 2.3.2) and of its MPPE settings (2.4.4, 2.4.5). */
const MICROSOFT_SIZES = new Map([
  [1, 50],
  [25, 50],
  [7, 4],
  [8, 4],
]);

export type Oracle = (datagram: Buffer) => Judgement;

/** Judges datagrams by the RFCs alone, rule after rule, slowly. */
export function createOracle(): Oracle {
  const byType = rfcAttributesByType();
  return (datagram) => {
    const broke = (broken: WireRule, detail: string): Judgement => ({
      broken,
      detail,
      lenient: new Set(),
      packet: NO_BYTES,
      attributes: [],
    });
    // RFC 2865 3: fewer than 20 bytes, or fewer than Length says, are discarded; more are padding.
    if (datagram.length < HEADER) return broke('header', `${datagram.length} bytes`);
    const length = ((datagram[2] ?? 0) << 8) | (datagram[3] ?? 0);
    if (length < HEADER || length > 4096) return broke('length', `Length ${length}`);
    if (length > datagram.length) return broke('length', `Length ${length} of ${datagram.length} bytes`);
    const code = datagram[0] ?? 0;
    if (!CODES.includes(code)) return broke('code', `code ${code}`);

    const packet = datagram.subarray(0, length);
    const attributes: RawAttribute[] = [];
    for (let at = HEADER; at < length;) {
      if (at + 1 === length) return broke('attribute-bounds', `one stray byte at ${at}`);
      const size = packet[at + 1] ?? 0;
      // The registry begins at 1; FreeRADIUS drops such packets too.
      if (packet[at] === 0) return broke('attribute-bounds', `attribute number 0 at ${at}`);
      if (size < 2) return broke('attribute-bounds', `attribute length ${size} at ${at}`);
      if (at + size > length) return broke('attribute-bounds', `attribute at ${at} runs over the end`);
      attributes.push({ type: packet[at] ?? 0, value: packet.subarray(at + 2, at + size) });
      at += size;
    }
    const fault = faultIn(code, attributes, byType);
    const lenient = lenientIn(code, attributes, byType);
    return { broken: fault?.rule, detail: fault?.detail ?? '', lenient, packet, attributes };
  };
}

interface Fault {
  readonly rule: WireRule;
  readonly detail: string;
}

type ByType = readonly (RfcAttribute | undefined)[];

function faultIn(code: number, attributes: readonly RawAttribute[], byType: ByType): Fault | undefined {
  const counts = countsOf(attributes);
  for (const { type, value } of attributes) {
    const detail = sizeFault(byType[type], value);
    if (detail !== undefined) return { rule: 'attribute-size', detail: `attribute ${type}: ${detail}` };
  }
  for (const [type, count] of counts) {
    if (count > 1 && !mayRepeat(byType[type], code))
      return { rule: 'repeated', detail: `attribute ${type} x ${count} in code ${code}` };
  }
  // RFC 2865 4.1, RFC 2869 5.19 note 1: at most one kind of credentials.
  const credentials = [2, 3, 70, 79].filter((type) => counts.has(type));
  if (code === 1 && credentials.length > 1)
    return { rule: 'two-credentials', detail: `attributes ${credentials.join(' and ')}` };
  return microsoftFault(attributes);
}

/** RFC 2865 5, RFC 2866 5: an attribute of an invalid length; an empty text is another matter (`LENIENT`). */
function sizeFault(known: RfcAttribute | undefined, value: Buffer): string | undefined {
  if (known === undefined) return undefined;
  const [least, most] = SIZES[known[1]];
  if (value.length === 0 && known[1] === 'text') return undefined;
  if (value.length < least || value.length > most) return `${value.length} bytes, not ${least} to ${most}`;
  if (known[1] === 'user-password' && value.length % 16 !== 0) return `${value.length} bytes are no multiple of 16`;
  return undefined;
}

/** Whether a table lets it repeat: in this packet, or for codes it has no column for (or a 0 in it), in any. */
function mayRepeat(known: RfcAttribute | undefined, code: number): boolean {
  if (known === undefined) return true;
  const letter = known[2][columnOf(code) ?? -1];
  // The tables of CoA and Disconnect limit what a server sends to a NAS; only their own rule counts for requests to us.
  if ((letter === '?' || letter === '1') && (code === 1 || code === 4)) return false;
  return known[2].includes('*');
}

function microsoftFault(attributes: readonly RawAttribute[]): Fault | undefined {
  for (const { type, value } of attributes) {
    if (type !== 26 || value.readUInt32BE(0) !== VENDORS.microsoft) continue;
    for (let at = 4; at + 2 <= value.length; at += Math.max(2, value[at + 1] ?? 0)) {
      const size = (value[at + 1] ?? 0) - 2;
      const wanted = MICROSOFT_SIZES.get(value[at] ?? 0);
      if (wanted !== undefined && size !== wanted)
        return { rule: 'vendor-size', detail: `Microsoft ${value[at]}: ${size} bytes` };
    }
  }
  return undefined;
}

function lenientIn(code: number, attributes: readonly RawAttribute[], byType: ByType): ReadonlySet<LenientRule> {
  const found = new Set<LenientRule>();
  const column = columnOf(code);
  for (const { type, value } of attributes) {
    const known = byType[type];
    if (known?.[1] === 'text' && value.length === 0) found.add('empty-value');
    if (known !== undefined && column !== undefined && known[2][column] === '0') found.add('not-in-this-packet');
  }
  const has = (...types: readonly number[]): boolean => attributes.some(({ type }) => types.includes(type));
  // RFC 2865 4.1, RFC 2866 4.1
  if ((code === 1 || code === 4) && !has(4, 32, 95)) found.add('missing');
  if (code === 1 && !has(2, 3, 24, 70, 79)) found.add('missing');
  if (code === 4 && !(has(40) && has(44))) found.add('missing');
  return found;
}

function countsOf(attributes: readonly RawAttribute[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { type } of attributes) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}
