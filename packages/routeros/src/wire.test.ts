import fc from 'fast-check';
import {
  decodeText,
  encodeLength,
  encodeSentence,
  encodeWord,
  MAX_SENTENCE_WORDS,
  MAX_WORD_BYTES,
  SentenceReader,
} from './wire.js';

const protocol = expect.objectContaining({ name: 'RosError', kind: 'protocol' });

function readAll(chunks: readonly Buffer[]): string[][] {
  const reader = new SentenceReader();
  return chunks.flatMap((chunk) => reader.push(chunk));
}

function cut(bytes: Buffer, positions: readonly number[]): Buffer[] {
  const edges = [0, ...positions.map((position) => position % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
}

describe('encodeLength', () => {
  test.each([
    [0, '00'],
    [0x7f, '7f'],
    [0x80, '8080'],
    [0x3fff, 'bfff'],
    [0x4000, 'c04000'],
    [0x1fffff, 'dfffff'],
    [0x200000, 'e0200000'],
    [0xfffffff, 'efffffff'],
    [0x10000000, 'f010000000'],
    [0xffffffff, 'f0ffffffff'],
  ])('of %d is %s', (length, hex) => {
    expect(encodeLength(length).toString('hex')).toBe(hex);
  });
});

describe('SentenceReader', () => {
  const word = fc.oneof(
    fc.string({ minLength: 1, unit: 'binary' }),
    fc.string({ minLength: 1, unit: 'grapheme' }),
    fc.integer({ min: 1, max: 20_000 }).map((length) => 'x'.repeat(length)),
  );
  const sentences = fc.array(fc.array(word, { minLength: 1, maxLength: 6 }), { maxLength: 6 });

  test('B4 B5: gives the same words however the bytes were cut', () => {
    fc.assert(
      fc.property(sentences, fc.array(fc.nat(), { maxLength: 12 }), (list, positions) => {
        const bytes = Buffer.concat(list.map(encodeSentence));
        expect(readAll(cut(bytes, positions))).toEqual(list);
      }),
      { numRuns: 200 },
    );
  });

  test('B4 B5: gives the same words one byte at a time and cut at any two places', () => {
    const list = [
      ['!re', '.tag=t', `=c=${'A'.repeat(130)}`],
      ['!done', '.tag=t'],
    ];
    const bytes = Buffer.concat(list.map(encodeSentence));
    expect(readAll([...bytes].map((byte) => Buffer.of(byte)))).toEqual(list);
    for (let first = 0; first <= bytes.length; first += 1) {
      for (let second = first; second <= bytes.length; second += 1) {
        expect(readAll(cut(bytes, [first, second]))).toEqual(list);
      }
    }
  });

  test('B4: gives a sentence with its last zero byte, not with the next sentence', () => {
    const reader = new SentenceReader();
    const bytes = encodeSentence(['!done', '.tag=t']);
    expect(reader.push(bytes.subarray(0, -1))).toEqual([]);
    expect(reader.push(bytes.subarray(-1))).toEqual([['!done', '.tag=t']]);
  });

  test.each([0x7f, 0x80, 0x3fff, 0x4000, 0x1fffff, 0x200000, MAX_WORD_BYTES])('reads a word of %d bytes', (length) => {
    const text = 'y'.repeat(length);
    const bytes = encodeSentence([text, 'z']);
    const result = readAll([bytes.subarray(0, 1), bytes.subarray(1, 3), bytes.subarray(3)]);
    expect(result).toHaveLength(1);
    expect(result[0]?.[0] === text).toBe(true);
    expect(result[0]?.[1]).toBe('z');
  });

  test('ignores empty sentences', () => {
    expect(readAll([Buffer.of(0, 0), encodeSentence(['!done']), Buffer.of(0)])).toEqual([['!done']]);
  });

  test('P8: refuses a word of a gigabyte before it has come', () => {
    expect(() => readAll([encodeLength(1024 ** 3)])).toThrow(protocol);
    expect(() => readAll([encodeLength(MAX_WORD_BYTES + 1)])).toThrow(protocol);
  });

  test.each([0xf1, 0xf8, 0xff])('refuses the reserved control byte %d', (byte) => {
    expect(() => readAll([Buffer.of(byte)])).toThrow(protocol);
  });

  test('P8: refuses a sentence without end', () => {
    const megabyte = encodeWord('x'.repeat(1024 * 1024));
    expect(() => readAll(Array.from({ length: 17 }, () => megabyte))).toThrow(protocol);
    const tiny = Buffer.concat(Array.from({ length: MAX_SENTENCE_WORDS + 1 }, () => encodeWord('x')));
    expect(() => readAll([tiny])).toThrow(protocol);
  });

  test('P8: takes a large word in small segments in linear time', () => {
    const bytes = encodeSentence(['x'.repeat(MAX_WORD_BYTES)]);
    const reader = new SentenceReader();
    let found = 0;
    const startedMs = performance.now();
    for (let offset = 0; offset < bytes.length; offset += 1_000) {
      found += reader.push(bytes.subarray(offset, offset + 1_000)).length;
    }
    expect(found).toBe(1);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });
});

test('C1: text that is not UTF-8 is read as Windows-1252, without losing a byte', () => {
  expect(decodeText(Buffer.from('Łódź 東京 😀', 'utf8'))).toBe('Łódź 東京 😀');
  expect(decodeText(Buffer.of(0xe9, 0x81))).toBe('é\u0081');
  const each = Array.from({ length: 128 }, (_, index) => decodeText(Buffer.of(0xff, 128 + index)));
  expect(new Set(each).size).toBe(128);
  expect(each.join('')).not.toContain('\ufffd');
});
