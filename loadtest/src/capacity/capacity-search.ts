export interface CapacitySearch {
  /** Rate to begin with. */
  readonly from: number;
  /** Not higher than this. */
  readonly most: number;
  /** Ends when what holds and what does not are this close, part of the rate. */
  readonly within: number;
  /** Whether every bound holds at this rate. */
  readonly holds: (rate: number) => Promise<boolean>;
}

/**
 * The highest rate that holds: twice as much each time until one does not, then the middle between the last two until they are
 * close. 0: not even the least that was tried held. A rate that held once and would not again is what the confirming run is for.
 */
export async function searchCapacity({ from, most, within, holds }: CapacitySearch): Promise<number> {
  let held = 0;
  let broke = Infinity;
  let rate = Math.min(from, most);
  while (broke === Infinity) {
    if (await holds(rate)) held = rate;
    else broke = rate;
    if (held >= most) return held;
    rate = Math.min(rate * 2, most);
  }
  while (broke - held > within * broke && broke > 1) {
    const middle = Math.round((held + broke) / 2);
    if (middle <= held || middle >= broke) break;
    if (await holds(middle)) held = middle;
    else broke = middle;
  }
  return held;
}

/** Steps down from what the search found until a long run holds; undefined when none of the tries did. */
export async function confirmCapacity(
  found: number,
  { tries, down, holds }: { tries: number; down: number; holds: (rate: number) => Promise<boolean> },
): Promise<number | undefined> {
  let rate = found;
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    if (rate < 1) return undefined;
    if (await holds(rate)) return rate;
    rate = Math.floor(rate * (1 - down));
  }
  return undefined;
}
