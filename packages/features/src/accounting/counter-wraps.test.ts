import fc from 'fast-check';
import { unwrap, type CounterSample } from './counter-wraps.js';

const GIGAWORD = 4_294_967_296;

function sample(seconds: number, octets: number, ended = false): CounterSample {
  return { seconds, ended, inputOctets: octets % GIGAWORD, outputOctets: (octets * 2) % GIGAWORD };
}

/** A session of up to 60 packets whose counters grow by less than 2^30 between them. */
const session = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 2 ** 30 - 1 })), {
    minLength: 1,
    maxLength: 60,
  })
  .map((growth) => {
    let [seconds, octets] = [0, 0];
    return growth.map(([time, bytes]) => {
      seconds += time;
      octets += bytes;
      return { seconds, octets };
    });
  });

describe('counters of a NAS without Gigawords', () => {
  test('A3: three wraps are exact', () => {
    const rate = 2 ** 30 - 1;
    const samples = Array.from({ length: 14 }, (_, minute) => sample(minute * 60, minute * rate));
    expect(unwrap(samples)).toEqual({ inputOctets: BigInt(13 * rate), outputOctets: BigInt(26 * rate) });
  });

  test('A3: any order and any copies of the packets of a session give its exact bytes', () => {
    fc.assert(
      fc.property(session, fc.infiniteStream(fc.nat()), (packets, random) => {
        const samples = packets.map(({ seconds, octets }) => sample(seconds, octets));
        const drawn = [...samples, ...samples.filter((_, at) => at % 3 === 0)]
          .map((each) => ({ each, at: Number(random.next().value) }))
          .sort((a, b) => a.at - b.at)
          .map(({ each }) => each);
        const last = packets.at(-1)?.octets ?? 0;
        expect(unwrap(drawn)).toEqual({ inputOctets: BigInt(last), outputOctets: BigInt(last) * 2n });
      }),
    );
  });

  test('A3: packets that are missing never make it more than the truth, one more never makes it less', () => {
    fc.assert(
      fc.property(session, fc.infiniteStream(fc.boolean()), (packets, kept) => {
        const samples = packets.map(({ seconds, octets }) => sample(seconds, octets));
        const some = samples.filter(() => kept.next().value);
        const [few, all] = [unwrap(some), unwrap(samples)];
        expect(few.inputOctets <= all.inputOctets && few.outputOctets <= all.outputOctets).toBe(true);
        expect(all.inputOctets).toBe(BigInt(packets.at(-1)?.octets ?? 0));
      }),
    );
  });

  test('A3: whatever the values, one more sample never makes it less', () => {
    const any = fc.record({
      seconds: fc.integer({ min: 0, max: 6 }),
      ended: fc.boolean(),
      inputOctets: fc.integer({ min: 0, max: GIGAWORD - 1 }),
      outputOctets: fc.integer({ min: 0, max: GIGAWORD - 1 }),
    });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 12 }), (samples) => {
        const less = unwrap(samples.slice(1));
        const more = unwrap(samples);
        expect(more.inputOctets >= less.inputOctets && more.outputOctets >= less.outputOctets).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('A3: a fall of 2^31 or less, or within one second, is no wrap', () => {
    expect(unwrap([sample(60, 3_000_000_000), sample(120, 852_516_352)]).inputOctets).toBe(3_000_000_000n);
    expect(unwrap([sample(60, 3_000_000_000), sample(120, 852_516_351)]).inputOctets).toBe(852_516_351n + 2n ** 32n);
    expect(unwrap([sample(60, 4_000_000_000), sample(60, 5)]).inputOctets).toBe(4_000_000_000n);
  });

  test('A3: the Stop in the second of the last update is after it', () => {
    expect(unwrap([sample(60, 5, true), sample(60, 4_000_000_000)]).inputOctets).toBe(2n ** 32n + 5n);
  });
});
