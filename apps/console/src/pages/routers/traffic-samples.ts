import type { getRouterTraffic } from '@turnpike/contracts/routers.js';
import type { z } from 'zod';

export type Traffic = z.output<typeof getRouterTraffic.response>;
type InterfaceTraffic = Traffic['interfaces'][number];

/** A point of the graph; rates in Mbit/s, null where they cannot be told. */
export interface TrafficPoint {
  readonly at: string;
  readonly receives: number | null;
  readonly sends: number | null;
}

const MOST_SAMPLES = 100;
const BITS = 8;
const MEGA = 1_000_000;

/** With a further answer, unless it is there already; the oldest go when there are too many. */
export function withSample(samples: readonly Traffic[], answer: Traffic): readonly Traffic[] {
  if (samples.at(-1)?.at === answer.at) return samples;
  return [...samples, answer].slice(-MOST_SAMPLES);
}

/** The rates of an interface over time: as the router says, else by what its counters grew. */
export function pointsOf(samples: readonly Traffic[], name: string): readonly TrafficPoint[] {
  return samples.flatMap((sample, index) => {
    const now = find(sample, name);
    if (now === undefined) return [];
    const earlier = samples[index - 1];
    const before = earlier === undefined ? undefined : find(earlier, name);
    const seconds = earlier === undefined ? 0 : (Date.parse(sample.at) - Date.parse(earlier.at)) / 1_000;
    return [
      {
        at: sample.at,
        receives: mega(now.rxBps ?? grown(before?.rxBytes, now.rxBytes, seconds)),
        sends: mega(now.txBps ?? grown(before?.txBytes, now.txBytes, seconds)),
      },
    ];
  });
}

/** Bits a second between two counters; null when the first is missing or the interface began to count anew. */
function grown(before: string | undefined, now: string, seconds: number): number | null {
  if (before === undefined || seconds <= 0) return null;
  const bytes = BigInt(now) - BigInt(before);
  return bytes < 0n ? null : (Number(bytes) * BITS) / seconds;
}

function mega(bps: number | null): number | null {
  return bps === null ? null : Math.round((bps / MEGA) * 1_000) / 1_000;
}

function find(sample: Traffic, name: string): InterfaceTraffic | undefined {
  return sample.interfaces.find((found) => found.name === name);
}

/** The interface with a link that has carried most, to begin with. */
export function busiest({ interfaces }: Traffic): string | undefined {
  const total = ({ rxBytes, txBytes }: InterfaceTraffic) => BigInt(rxBytes) + BigInt(txBytes);
  let most: InterfaceTraffic | undefined;
  for (const found of interfaces) {
    if (found.running && (most === undefined || total(found) > total(most))) most = found;
  }
  return (most ?? interfaces[0])?.name;
}
