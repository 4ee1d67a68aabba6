/** Buckets a doubling of the value is divided into: an error of at most 1/64. */
const PER_OCTAVE = 64;
const OCTAVES = 26;

/** Latencies from 1 us to more than a minute, kept as counts: adding one costs no memory. */
export class LatencyHistogram {
  readonly #counts = new Uint32Array(PER_OCTAVE * (OCTAVES + 1));
  #count = 0;
  #maxMs = 0;

  add(ms: number): void {
    const us = Math.max(1, Math.floor(ms * 1000));
    const bucket = bucketOf(us);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count += 1;
    if (ms > this.#maxMs) this.#maxMs = ms;
  }

  get count(): number {
    return this.#count;
  }

  get maxMs(): number {
    return this.#maxMs;
  }

  /** Upper end of the bucket that holds the nearest-rank percentile, ms; 0 when nothing was measured. */
  percentile(p: number): number {
    const rank = Math.ceil((p / 100) * this.#count);
    let seen = 0;
    for (let bucket = 0; bucket < this.#counts.length; bucket += 1) {
      seen += this.#counts[bucket] ?? 0;
      if (seen >= rank && seen > 0) return Math.min(this.#maxMs, topOf(bucket) / 1000);
    }
    return this.#maxMs;
  }
}

/** Below 64 each number has a bucket of its own; above, 64 buckets a doubling. */
function bucketOf(us: number): number {
  if (us < PER_OCTAVE) return us;
  const octave = Math.min(OCTAVES, 26 - Math.clz32(us));
  return octave * PER_OCTAVE + Math.min(PER_OCTAVE - 1, (us >>> (octave - 1)) - PER_OCTAVE);
}

function topOf(bucket: number): number {
  if (bucket < PER_OCTAVE) return bucket + 1;
  const octave = Math.floor(bucket / PER_OCTAVE);
  return (PER_OCTAVE + (bucket % PER_OCTAVE) + 1) * 2 ** (octave - 1);
}
