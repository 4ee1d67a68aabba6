/** Counters of one packet as a NAS without Gigawords sends them: modulo 2^32. */
export interface CounterSample {
  /** Acct-Session-Time. */
  readonly seconds: number;
  /** From a Stop: the last word of its session, also among packets of the same second. */
  readonly ended: boolean;
  readonly inputOctets: number;
  readonly outputOctets: number;
}

const GIGAWORD = 4_294_967_296n;
/** A greater fall than this is a counter that began anew; a smaller one a packet out of line. */
export const WRAP_FALL = 2_147_483_648;

/**
 * Bytes that 32-bit counters stand for: each fall of more than 2^31 while session time goes forward is 2^32 more. A pure
 * function of the set of samples, in whatever order they came; one more sample never makes it less. Exact where fewer than
 * 2^31 bytes lie between samples around each wrap, else less than the truth and never more. Samples of the same second
 * show no wrap, but for that of the Stop; nor do those of a NAS without Acct-Session-Time.
 */
export function unwrap(samples: readonly CounterSample[]): { inputOctets: bigint; outputOctets: bigint } {
  const ordered = [...samples].sort((a, b) => a.seconds - b.seconds || Number(a.ended) - Number(b.ended));
  return {
    inputOctets: unwrapOne(ordered, (sample) => sample.inputOctets),
    outputOctets: unwrapOne(ordered, (sample) => sample.outputOctets),
  };
}

function unwrapOne(ordered: readonly CounterSample[], valueOf: (sample: CounterSample) => number): bigint {
  let wraps = 0n;
  let highest = 0;
  for (const moment of moments(ordered)) {
    const values = moment.map(valueOf);
    // Beside these, values of the same moment from before the wrap say nothing new.
    const fallen = values.filter((value) => highest - value > WRAP_FALL);
    if (fallen.length > 0) wraps += 1n;
    highest = fallen.length > 0 ? Math.max(...fallen) : Math.max(highest, ...values);
  }
  return wraps * GIGAWORD + BigInt(highest);
}

/** Runs of samples that time does not tell apart. */
function moments(ordered: readonly CounterSample[]): CounterSample[][] {
  const runs: CounterSample[][] = [];
  for (const sample of ordered) {
    const run = runs.at(-1);
    const [first] = run ?? [];
    if (run !== undefined && first?.seconds === sample.seconds && first.ended === sample.ended) run.push(sample);
    else runs.push([sample]);
  }
  return runs;
}
