/** Something that must never be. */
export interface Finding {
  /** Short and of a closed set: what findings are counted by. */
  readonly kind: string;
  readonly detail: string;
  /** Number of the packet in the sequence of `seed`. */
  readonly index: number;
  readonly datagram: Buffer;
}

/** Counts, times and findings of a part of a run; parts are added up. */
export class Tally {
  readonly counts = new Map<string, number>();
  readonly findings: Finding[] = [];
  readonly findingCounts = new Map<string, number>();
  readonly times = new TimeHistogram();

  count(name: string, by = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + by);
  }

  found(finding: Finding): void {
    const before = this.findingCounts.get(finding.kind) ?? 0;
    this.findingCounts.set(finding.kind, before + 1);
    if (before < KEPT_FINDINGS) this.findings.push({ ...finding, datagram: Buffer.from(finding.datagram) });
  }

  get totalFindings(): number {
    return [...this.findingCounts.values()].reduce((sum, count) => sum + count, 0);
  }

  add(other: TallyParts): void {
    for (const [name, count] of other.counts) this.count(name, count);
    for (const [kind, count] of other.findingCounts) {
      this.findingCounts.set(kind, (this.findingCounts.get(kind) ?? 0) + count);
    }
    for (const finding of other.findings) {
      this.findings.push({ ...finding, datagram: Buffer.from(finding.datagram) });
    }
    this.times.add(other.buckets, other.slowestMs);
    this.times.confirm(other.slowestConfirmedMs);
  }

  /** Everything so far, in a form that passes between threads. */
  parts(): TallyParts {
    const { counts, findings, findingCounts, times } = this;
    const { buckets, slowestMs, slowestConfirmedMs } = times;
    return { counts, findings, findingCounts, buckets, slowestMs, slowestConfirmedMs };
  }
}

export interface TallyParts {
  readonly counts: ReadonlyMap<string, number>;
  readonly findings: readonly (Omit<Finding, 'datagram'> & { readonly datagram: Uint8Array })[];
  readonly findingCounts: ReadonlyMap<string, number>;
  readonly buckets: Uint32Array;
  readonly slowestMs: number;
  readonly slowestConfirmedMs: number;
}

const KEPT_FINDINGS = 10;
/** One bucket a microsecond, up to 20 ms; the last holds the rest. */
const BUCKETS = 20_000;

class TimeHistogram {
  readonly buckets = new Uint32Array(BUCKETS);
  slowestMs = 0;
  /** The same with pauses of the machine taken out, where the one who measures can tell them. */
  slowestConfirmedMs = 0;

  confirm(ms: number): void {
    this.slowestConfirmedMs = Math.max(this.slowestConfirmedMs, ms);
  }

  record(ms: number): void {
    const bucket = Math.min(BUCKETS - 1, Math.max(0, Math.floor(ms * 1000)));
    this.buckets[bucket] = (this.buckets[bucket] ?? 0) + 1;
    if (ms > this.slowestMs) this.slowestMs = ms;
  }

  add(buckets: Uint32Array, slowestMs: number): void {
    for (const [at, count] of buckets.entries()) {
      if (count > 0) this.buckets[at] = (this.buckets[at] ?? 0) + count;
    }
    this.slowestMs = Math.max(this.slowestMs, slowestMs);
  }

  /** Upper edge, in ms, of the bucket that holds this share of all times. */
  percentile(percent: number): number {
    const total = this.buckets.reduce((sum, count) => sum + count, 0);
    let left = Math.ceil((percent / 100) * total);
    for (const [at, count] of this.buckets.entries()) {
      left -= count;
      if (left <= 0 && count > 0) return (at + 1) / 1000;
    }
    return 0;
  }
}

/** One kind of trial, repeated with different numbers. Deterministic: seed and index say everything. */
export interface Campaign {
  readonly tally: Tally;
  /** Does trial `index`. Never throws: what is wrong becomes a finding. */
  step(index: number): void;
}
