/** For tests: what customers have, told a second time and in another way: as what was paid for and what was used of it. */

export interface ModelPackage {
  readonly id: string;
  readonly onRepeat: 'extend' | 'queue' | 'upgrade' | 'stack';
  readonly firstLogin: boolean;
  readonly validSeconds: number;
  readonly priceMinor: number;
  readonly quotaOctets: number | null;
  readonly onlineSeconds: number | null;
}

export interface Bucket {
  id: string;
  readonly sold: ModelPackage;
  phase: 'waiting' | 'queued' | 'running' | 'paused' | 'over';
  /** Of what is queued, and of what waits for its first login: not before then. */
  beginsAt: number;
  paidSeconds: number;
  spentSeconds: number;
  octets: { paid: number; used: number } | null;
  online: { paid: number; used: number } | null;
}

/** All times in seconds. */
export class EntitlementModel {
  now = 0;
  readonly buckets: Bucket[] = [];

  left(bucket: Bucket): { seconds: number; octets: string | null; onlineSeconds: number | null } {
    const { paidSeconds, spentSeconds, octets, online } = bucket;
    return {
      seconds: paidSeconds - spentSeconds,
      octets: octets === null ? null : String(octets.paid - octets.used),
      onlineSeconds: online === null ? null : online.paid - online.used,
    };
  }

  of(...phases: Bucket['phase'][]): Bucket[] {
    return this.buckets.filter((bucket) => phases.includes(bucket.phase));
  }

  /** The one that logins are on now. */
  inUse(): Bucket | undefined {
    const running = this.of('running').sort((a, b) => this.#endOf(a) - this.#endOf(b) || byId(a, b))[0];
    return running ?? this.of('waiting').filter(({ beginsAt }) => beginsAt <= this.now)[0];
  }

  advance(seconds: number): void {
    for (const bucket of this.of('running')) bucket.spentSeconds += seconds;
    this.now += seconds;
    for (const bucket of this.of('queued')) {
      if (bucket.beginsAt > this.now) continue;
      bucket.phase = 'running';
      bucket.spentSeconds = this.now - bucket.beginsAt;
    }
    for (const bucket of this.of('running')) {
      if (bucket.spentSeconds >= bucket.paidSeconds) bucket.phase = 'over';
    }
  }

  /** What the worker's sweep does for those whose turn comes early. */
  sweep(): void {
    for (let next = this.#nextInLine(); next !== undefined; next = this.#nextInLine()) {
      next.beginsAt = this.now;
      if (next.phase === 'queued') next.phase = 'running';
    }
  }

  /** Gives the bucket that it has become part of; a new one has no id yet. */
  buy(sold: ModelPackage): Bucket {
    if (sold.onRepeat === 'extend') return this.#extend(sold) ?? this.#add(sold, this.now);
    if (sold.onRepeat === 'queue') return this.#add(sold, this.#busyUntil() ?? this.now);
    if (sold.onRepeat === 'stack') return this.#add(sold, this.now);
    const carried = this.of('running').reduce((sum, bucket) => sum + this.#carriedOver(bucket, sold), 0);
    for (const bucket of this.of('running')) bucket.phase = 'over';
    const bucket = this.#add(sold, this.now, carried);
    this.#delayLine();
    return bucket;
  }

  /** Somebody was online for the last `seconds`. */
  use(bucket: Bucket, seconds: number, octets: number): void {
    if (bucket.octets !== null) bucket.octets.used += octets;
    if (bucket.online !== null) bucket.online.used += seconds;
    const usedUp = [bucket.octets, bucket.online].some((limit) => limit !== null && limit.used >= limit.paid);
    if (usedUp) bucket.phase = 'over';
  }

  firstLogin(bucket: Bucket): void {
    bucket.phase = 'running';
    bucket.beginsAt = this.now;
  }

  resume(bucket: Bucket): void {
    bucket.phase = 'running';
    this.#delayLine();
  }

  #add(sold: ModelPackage, beginsAt: number, carriedSeconds = 0): Bucket {
    const begun = beginsAt > this.now ? 'queued' : 'running';
    const limit = (paid: number | null) => (paid === null ? null : { paid, used: 0 });
    const bucket: Bucket = {
      id: '',
      sold,
      phase: sold.firstLogin ? 'waiting' : begun,
      beginsAt,
      paidSeconds: sold.validSeconds + carriedSeconds,
      spentSeconds: 0,
      octets: limit(sold.quotaOctets),
      online: limit(sold.onlineSeconds),
    };
    this.buckets.push(bucket);
    return bucket;
  }

  #extend(sold: ModelPackage): Bucket | undefined {
    const same = ({ sold: { id } }: Bucket): boolean => id === sold.id;
    const latestFirst = (a: Bucket, b: Bucket): number => this.#endOf(b) - this.#endOf(a) || byId(a, b);
    const running = this.of('running').filter(same).sort(latestFirst)[0];
    const bucket = running ?? this.of('waiting').filter(same)[0];
    if (bucket === undefined) return undefined;
    bucket.paidSeconds += sold.validSeconds;
    if (bucket.octets !== null) bucket.octets.paid += sold.quotaOctets ?? 0;
    if (bucket.online !== null) bucket.online.paid += sold.onlineSeconds ?? 0;
    this.#delayLine();
    return bucket;
  }

  /** In line: queued, or waiting for a first login that may not come yet. */
  #line(): Bucket[] {
    const later = this.of('queued', 'waiting').filter(({ beginsAt }) => beginsAt > this.now);
    return later.sort((a, b) => a.beginsAt - b.beginsAt || byId(a, b));
  }

  #nextInLine(): Bucket | undefined {
    return this.of('running', 'paused').length > 0 ? undefined : this.#line()[0];
  }

  #busyUntil(): number | undefined {
    const ends = this.of('running', 'queued').map((bucket) => this.#endOf(bucket));
    return ends.length === 0 ? undefined : Math.max(...ends);
  }

  #delayLine(): void {
    const ends = this.of('running').map((bucket) => this.#endOf(bucket));
    if (ends.length === 0) return;
    let until = Math.max(...ends);
    for (const bucket of this.#line()) {
      bucket.beginsAt = Math.max(bucket.beginsAt, until);
      if (bucket.phase === 'queued') until = Math.max(until, this.#endOf(bucket));
    }
  }

  #endOf(bucket: Bucket): number {
    const from = bucket.phase === 'queued' ? bucket.beginsAt : this.now;
    return from + bucket.paidSeconds - bucket.spentSeconds;
  }

  #carriedOver(bucket: Bucket, sold: ModelPackage): number {
    // Pauses stretch the time from beginning to end, of which a part is left.
    const whole = this.#endOf(bucket) - bucket.beginsAt;
    const parts = [bucket.octets, bucket.online].map((limit) =>
      limit === null ? Infinity : Math.floor((whole * (limit.paid - limit.used)) / limit.paid),
    );
    const seconds = Math.min(bucket.paidSeconds - bucket.spentSeconds, ...parts);
    const [worth, price] = [bucket.sold.priceMinor * sold.validSeconds, bucket.sold.validSeconds * sold.priceMinor];
    return sold.priceMinor === 0 ? seconds : Math.floor((seconds * worth) / price);
  }
}

function byId(a: Bucket, b: Bucket): number {
  return a.id < b.id ? -1 : 1;
}
