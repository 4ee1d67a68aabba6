/**
 * MD4 (RFC 1320), for the NT hash of MS-CHAP; OpenSSL 3 keeps it in a provider that is off. Written apart from the service's,
 * so that both would have to be wrong in the same way.
 */
export function md4(message: Buffer): Buffer {
  const padded = Buffer.alloc(Math.ceil((message.length + 9) / 64) * 64);
  message.copy(padded);
  padded[message.length] = 0x80;
  padded.writeUInt32LE(message.length * 8, padded.length - 8);
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  const x = new Uint32Array(16);
  for (let at = 0; at < padded.length; at += 64) {
    for (let word = 0; word < 16; word += 1) x[word] = padded.readUInt32LE(at + word * 4);
    mixBlock(state, x);
  }
  const digest = Buffer.alloc(16);
  state.forEach((word, index) => digest.writeUInt32LE(word, index * 4));
  return digest;
}

const SHIFTS = [3, 7, 11, 19, 3, 5, 9, 13, 3, 9, 11, 15];
const CONSTANTS = [0, 0x5a827999, 0x6ed9eba1];

/** Word taken by step `step` of round `round`. */
function wordOf(round: number, step: number): number {
  if (round === 0) return step;
  if (round === 1) return (step % 4) * 4 + (step >> 2);
  return ((step & 1) << 3) | ((step & 2) << 1) | ((step & 4) >> 1) | ((step & 8) >> 3);
}

function mixBlock(state: Uint32Array, x: Uint32Array): void {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  for (let round = 0; round < 3; round += 1) {
    for (let step = 0; step < 16; step += 1) {
      const mixed = round === 0 ? (b & c) | (~b & d) : round === 1 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
      const sum = (a + mixed + (x[wordOf(round, step)] ?? 0) + (CONSTANTS[round] ?? 0)) | 0;
      const shift = SHIFTS[round * 4 + (step % 4)] ?? 0;
      [a, b, c, d] = [d, (sum << shift) | (sum >>> (32 - shift)), b, c];
    }
  }
  state.set([a, b, c, d].map((word, index) => (word + (state[index] ?? 0)) >>> 0));
}
