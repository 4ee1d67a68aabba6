/**
 * MD4 (RFC 1320), which OpenSSL 3 no longer offers by default. For the NT hash of MS-CHAP only: MD4 protects nothing.
 * Written out for speed: it runs twice in every MS-CHAPv2 login.
 */
export function md4(message: Buffer): Buffer {
  const words = paddedWords(message);
  let a = 0x67452301;
  let b = 0xefcdab89 | 0;
  let c = 0x98badcfe | 0;
  let d = 0x10325476;
  for (let block = 0; block < words.length; block += 16) {
    const before = [a, b, c, d] as const;
    // Four steps at a time: each turns one of the four words by its own number of bits.
    for (let i = 0; i < 16; i += 4) {
      a = turn((a + ((b & c) | (~b & d)) + at(words, block + i)) | 0, 3);
      d = turn((d + ((a & b) | (~a & c)) + at(words, block + i + 1)) | 0, 7);
      c = turn((c + ((d & a) | (~d & b)) + at(words, block + i + 2)) | 0, 11);
      b = turn((b + ((c & d) | (~c & a)) + at(words, block + i + 3)) | 0, 19);
    }
    for (let i = 0; i < 4; i += 1) {
      a = turn((a + ((b & c) | (b & d) | (c & d)) + at(words, block + i) + ROUND_2) | 0, 3);
      d = turn((d + ((a & b) | (a & c) | (b & c)) + at(words, block + i + 4) + ROUND_2) | 0, 5);
      c = turn((c + ((d & a) | (d & b) | (a & b)) + at(words, block + i + 8) + ROUND_2) | 0, 9);
      b = turn((b + ((c & d) | (c & a) | (d & a)) + at(words, block + i + 12) + ROUND_2) | 0, 13);
    }
    for (const i of ORDER_3) {
      a = turn((a + (b ^ c ^ d) + at(words, block + i) + ROUND_3) | 0, 3);
      d = turn((d + (a ^ b ^ c) + at(words, block + i + 8) + ROUND_3) | 0, 9);
      c = turn((c + (d ^ a ^ b) + at(words, block + i + 4) + ROUND_3) | 0, 11);
      b = turn((b + (c ^ d ^ a) + at(words, block + i + 12) + ROUND_3) | 0, 15);
    }
    a = (a + before[0]) | 0;
    b = (b + before[1]) | 0;
    c = (c + before[2]) | 0;
    d = (d + before[3]) | 0;
  }
  return digestOf(a, b, c, d);
}

const ROUND_2 = 0x5a827999;
const ROUND_3 = 0x6ed9eba1;
const ORDER_3 = [0, 2, 1, 3] as const;

function turn(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function at(words: Int32Array, index: number): number {
  return words[index] ?? 0;
}

/** The message, a 1 bit, zeros and its length in bits: a whole number of blocks of 16 little-endian words. */
function paddedWords(message: Buffer): Int32Array {
  const words = new Int32Array((((message.length + 8) >>> 6) + 1) * 16);
  for (let i = 0; i < message.length; i += 1) {
    words[i >> 2] = at(words, i >> 2) | ((message[i] ?? 0) << ((i & 3) * 8));
  }
  words[message.length >> 2] = at(words, message.length >> 2) | (0x80 << ((message.length & 3) * 8));
  words[words.length - 2] = message.length << 3;
  words[words.length - 1] = message.length >>> 29;
  return words;
}

function digestOf(a: number, b: number, c: number, d: number): Buffer {
  const digest = Buffer.allocUnsafe(16);
  digest.writeInt32LE(a, 0);
  digest.writeInt32LE(b, 4);
  digest.writeInt32LE(c, 8);
  digest.writeInt32LE(d, 12);
  return digest;
}
