import { append, type Draft } from './generate.js';
import type { Random } from './random.js';

const HEADER = 20;

/** One way of spoiling (or oddly rearranging) a packet. `another` makes a second valid packet to take parts from. */
type Mutation = (random: Random, draft: Draft, another: () => Draft) => void;

/** Offsets of the attributes as far as they can be walked. */
function attributesOf({ bytes, length }: Draft): number[] {
  const offsets: number[] = [];
  for (let at = HEADER; at + 2 <= length;) {
    const size = bytes[at + 1] ?? 0;
    if (size < 2 || at + size > length) break;
    offsets.push(at);
    at += size;
  }
  return offsets;
}

function anyAttribute(random: Random, draft: Draft): number | undefined {
  const offsets = attributesOf(draft);
  return offsets[random.below(offsets.length)];
}

function sizeAt({ bytes }: Draft, at: number): number {
  return bytes[at + 1] ?? 0;
}

/** Writes the header's Length; what does not fit there keeps what was there before. */
function fixLength(draft: Draft): void {
  if (draft.length <= 65_535) draft.bytes.writeUInt16BE(draft.length, 2);
}

/** Cuts out or opens `by` bytes at `at`. */
function shift(draft: Draft, at: number, by: number): void {
  if (draft.length + by > draft.bytes.length) return;
  draft.bytes.copy(draft.bytes, at + Math.max(0, by), at + Math.max(0, -by), draft.length);
  draft.length += by;
}

/** Changes an attribute's size by `by` with all lengths right. */
function resize(random: Random, draft: Draft, at: number, by: number): void {
  const size = sizeAt(draft, at);
  const wanted = Math.min(255, Math.max(2, size + by));
  shift(draft, at + Math.min(size, wanted), wanted - size);
  if (wanted > size) random.fill(draft.bytes, at + size, at + wanted);
  draft.bytes[at + 1] = wanted;
  fixLength(draft);
}

const MUTATIONS: readonly [Mutation, ...Mutation[]] = [
  // Length of the packet: off by a few, or at an edge of what is allowed.
  (random, draft) => {
    const edges: readonly [number, ...number[]] = [0, 1, 4, 19, 20, 21, 4095, 4096, 4097, 65_535];
    const value = random.chance(0.5) ? random.pick(edges) : draft.length + random.between(-8, 8);
    draft.bytes.writeUInt16BE(Math.max(0, value & 0xffff), 2);
  },
  // Datagram cut short, its Length left.
  (random, draft) => {
    draft.length = random.chance(0.3) ? random.below(HEADER) : random.below(draft.length + 1);
  },
  // Padding, which is to be ignored.
  (random, draft) => {
    const more = roomFor(draft, random.chance(0.05) ? random.below(4096) : random.below(40));
    random.fill(draft.bytes, draft.length, draft.length + more);
    draft.length += more;
  },
  // Noise where attributes are expected.
  (random, draft) => {
    const more = roomFor(draft, random.below(40));
    random.fill(draft.bytes, draft.length, draft.length + more);
    draft.length += more;
    fixLength(draft);
  },
  // Length of an attribute.
  (random, draft) => {
    const at = anyAttribute(random, draft);
    if (at === undefined) return;
    const edges: readonly [number, ...number[]] = [0, 1, 2, 3, 255, sizeAt(draft, at) + 1, sizeAt(draft, at) - 1];
    draft.bytes[at + 1] = random.chance(0.7) ? random.pick(edges) : random.next();
  },
  // The same attribute twice.
  (random, draft) => {
    const at = anyAttribute(random, draft);
    if (at === undefined) return;
    const copy = Buffer.from(draft.bytes.subarray(at + 2, at + sizeAt(draft, at)));
    append(draft, draft.bytes[at] ?? 0, copy);
    fixLength(draft);
  },
  // An attribute gone.
  (random, draft) => {
    const at = anyAttribute(random, draft);
    if (at === undefined) return;
    shift(draft, at, -sizeAt(draft, at));
    fixLength(draft);
  },
  // An attribute emptied, or of a size that is not its own.
  (random, draft) => {
    const at = anyAttribute(random, draft);
    if (at === undefined) return;
    const by = random.chance(0.4) ? -255 : random.chance(0.2) ? 255 : random.between(-3, 3);
    resize(random, draft, at, by);
  },
  // Code.
  (random, draft) => {
    draft.bytes[0] = random.chance(0.5) ? random.pick([0, 1, 4, 6, 12, 13, 40, 43, 255]) : random.next();
  },
  // Type of an attribute.
  (random, draft) => {
    const at = anyAttribute(random, draft);
    if (at !== undefined) draft.bytes[at] = random.chance(0.5) ? random.below(104) : random.next();
  },
  // Bits.
  (random, draft) => {
    for (let count = random.between(1, 8); count > 0; count -= 1) {
      const at = random.below(draft.length);
      draft.bytes[at] = (draft.bytes[at] ?? 0) ^ (1 << random.below(8));
    }
  },
  // Bytes.
  (random, draft) => {
    for (let count = random.between(1, 4); count > 0; count -= 1) {
      draft.bytes[random.below(draft.length)] = random.pick([0, 1, 2, 127, 128, 254, 255, random.below(256)]);
    }
  },
  // Head of one packet, tail of another.
  (random, draft, another) => {
    const other = another();
    const here = random.chance(0.7) ? (anyAttribute(random, draft) ?? HEADER) : random.below(draft.length);
    const there = random.chance(0.7) ? (anyAttribute(random, other) ?? HEADER) : random.below(other.length);
    other.bytes.copy(draft.bytes, here, there, other.length);
    draft.length = here + other.length - there;
    fixLength(draft);
  },
  // Two attributes change places.
  (random, draft) => {
    const [a, b] = [anyAttribute(random, draft), anyAttribute(random, draft)].sort((x, y) => (x ?? 0) - (y ?? 0));
    if (a === undefined || b === undefined || a === b) return;
    const parts = [
      draft.bytes.subarray(b, b + sizeAt(draft, b)),
      draft.bytes.subarray(a + sizeAt(draft, a), b),
      draft.bytes.subarray(a, a + sizeAt(draft, a)),
    ];
    Buffer.concat(parts).copy(draft.bytes, a);
  },
  // Inside of a Vendor-Specific attribute: vendor, sub-type, sub-length.
  (random, draft) => {
    const vendors = attributesOf(draft).filter((at) => draft.bytes[at] === 26 && sizeAt(draft, at) >= 8);
    const at = vendors[random.below(vendors.length)];
    if (at === undefined) return;
    const where = random.pick([4, 5, 6, 7, 7, 7, 7]);
    draft.bytes[at + where] = random.chance(0.5) ? random.pick([0, 1, 2, 3, 52, 255]) : random.next();
  },
  // A second credential, a Proxy-State, an EAP-Message or a Message-Authenticator where there should be none.
  (random, draft) => {
    const type = random.pick([2, 3, 33, 33, 79, 80, 24, 60, 95]);
    const size = random.chance(0.8) ? ([2, 80, 95].includes(type) ? 16 : type === 3 ? 17 : 8) : random.below(30);
    append(draft, type, random.bytes(size));
    fixLength(draft);
  },
];

/** Rare ones, as they make packets that take long to judge. */
const HEAVY: readonly [Mutation, ...Mutation[]] = [
  // As many attributes as fit.
  (random, draft) => {
    const type = random.next() & 0xff;
    const size = random.pick([2, 2, 3, 3, 6, 18]);
    const most = random.pick([199, 201, 600, 2100]);
    for (let i = 0; i < most && append(draft, type, draft.bytes.subarray(0, size - 2)); i += 1);
    fixLength(draft);
  },
  // Nothing but noise, up to the largest datagram.
  (random, draft) => {
    draft.length = random.chance(0.1) ? random.below(65_507) : random.below(300);
    random.fill(draft.bytes, 0, Math.min(draft.length, 5_000));
    if (random.chance(0.5)) draft.bytes[0] = random.pick([1, 4, 12]);
    if (random.chance(0.5)) fixLength(draft);
  },
];

/** Bytes that still fit behind a datagram that may be the largest there is already. */
function roomFor(draft: Draft, wanted: number): number {
  return Math.min(wanted, draft.bytes.length - draft.length);
}

/** Spoils the packet in one to three ways. */
export function mutate(random: Random, draft: Draft, another: () => Draft): void {
  for (let count = random.pick([1, 1, 1, 2, 2, 3]); count > 0; count -= 1) {
    if (draft.length === 0) return;
    const mutation = random.chance(0.004) ? random.pick(HEAVY) : random.pick(MUTATIONS);
    mutation(random, draft, another);
  }
}
