/** Something that was written, and what every console has to hear of it. */
export interface Change {
  readonly key: string;
  /** When whoever wrote it had the answer, ms since 1970. */
  readonly answeredMs: number;
  readonly from: ChangeSource;
}

export const changeSources = ['api', 'radius', 'worker'] as const;
export type ChangeSource = (typeof changeSources)[number];

export interface Deliveries {
  /** From the answer to the event at a console, ms; one for each console and change. An event may be there before the answer. */
  readonly tookMs: readonly number[];
  /** Changes that a console did not hear of. */
  readonly missing: number;
}

/** `heard`: of each console, when it heard of what first. */
export function deliveriesOf(changes: readonly Change[], heard: readonly ReadonlyMap<string, number>[]): Deliveries {
  const tookMs: number[] = [];
  let missing = 0;
  for (const { key, answeredMs } of changes) {
    for (const console of heard) {
      const atMs = console.get(key);
      if (atMs === undefined) missing += 1;
      else tookMs.push(Math.max(0, atMs - answeredMs));
    }
  }
  return { tookMs, missing };
}

/** Now on the clock that all processes of this machine share, with parts of milliseconds. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
