/** MD4 (RFC 1320), which OpenSSL 3 no longer offers by default. For the NT hash of MS-CHAP only: MD4 protects nothing. */
export function md4(message: Buffer): Buffer {
  const words = paddedWords(message);
  const state: State = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let at = 0; at < words.length; at += 16) {
    const before: State = [...state];
    for (const round of ROUNDS) runRound(state, words.subarray(at, at + 16), round);
    for (let i = 0; i < 4; i += 1) state[i] = ((state[i] ?? 0) + (before[i] ?? 0)) | 0;
  }
  const digest = Buffer.alloc(16);
  state.forEach((word, index) => digest.writeInt32LE(word | 0, index * 4));
  return digest;
}

type State = [number, number, number, number];

interface Round {
  readonly mix: (x: number, y: number, z: number) => number;
  readonly constant: number;
  /** Word of the block that each of the 16 steps takes. */
  readonly order: readonly number[];
  readonly shifts: readonly [number, number, number, number];
}

const ROUNDS: readonly Round[] = [
  {
    mix: (x, y, z) => (x & y) | (~x & z),
    constant: 0,
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    shifts: [3, 7, 11, 19],
  },
  {
    mix: (x, y, z) => (x & y) | (x & z) | (y & z),
    constant: 0x5a827999,
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
    shifts: [3, 5, 9, 13],
  },
  {
    mix: (x, y, z) => x ^ y ^ z,
    constant: 0x6ed9eba1,
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    shifts: [3, 9, 11, 15],
  },
];

function runRound(state: State, block: Int32Array, { mix, constant, order, shifts }: Round): void {
  let [a, b, c, d] = state;
  order.forEach((word, step) => {
    const sum = (a + mix(b, c, d) + (block[word] ?? 0) + constant) | 0;
    const shift = shifts[step % 4] ?? 0;
    [a, b, c, d] = [d, (sum << shift) | (sum >>> (32 - shift)), b, c];
  });
  [state[0], state[1], state[2], state[3]] = [a, b, c, d];
}

/** The message, a 1 bit, zeros and its length in bits: a whole number of blocks of 16 little-endian words. */
function paddedWords(message: Buffer): Int32Array {
  const blocks = ((message.length + 8) >>> 6) + 1;
  const padded = Buffer.alloc(blocks * 64);
  message.copy(padded);
  padded[message.length] = 0x80;
  padded.writeBigUInt64LE(BigInt(message.length) * 8n, padded.length - 8);
  return Int32Array.from({ length: blocks * 16 }, (_, index) => padded.readInt32LE(index * 4));
}
