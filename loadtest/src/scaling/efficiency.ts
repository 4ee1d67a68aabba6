import { median } from '../median.js';
import type { Figure } from '../results.js';

/** One measurement with so many processes. */
export interface Measured {
  readonly perSecond: number;
  /** Part of the machine that had nothing to do meanwhile, 0 to 1. */
  readonly idleShare: number;
}

export interface Step {
  readonly processes: number;
  /** What ran where, for the figure's name; empty: wherever the kernel put it. */
  readonly placed: string;
  readonly runs: readonly Measured[];
}

/** Of what so many processes would do if each did as much as one alone. */
export const MIN_EFFICIENCY = 0.8;
/** Less of the machine idle than that: more processes cannot do more, whatever they are. */
export const CORES_FULL_BELOW = 0.05;

/** `perSecond` of `processes` against one alone, 0 to 1 and, by luck, a little more; NaN where one alone did nothing. */
export function efficiency(perSecond: number, processes: number, perSecondOfOne: number): number {
  return perSecondOfOne > 0 ? perSecond / (processes * perSecondOfOne) : Number.NaN;
}

/** The first step is one process. A step that used all cores up is shown without a bound, and says so. */
export function scalingFigures(what: string, unit: string, steps: readonly Step[]): Figure[] {
  const ofOne = rateOf(steps[0]);
  return steps.flatMap((step) => {
    const { processes, placed } = step;
    const perSecond = rateOf(step);
    const idle = median(step.runs.map((run) => run.idleShare));
    const name = `${what}, ${processes === 1 ? '1 process' : `${processes} processes`}`;
    const rate = { name: `${name}${placed === '' ? '' : ` (${placed})`}`, value: perSecond, unit };
    const rest = { name: `${name}: machine idle`, value: idle * 100, unit: '%' };
    if (processes === 1) return [rate, rest];
    const value = efficiency(perSecond, processes, ofOne) * 100;
    const full = idle < CORES_FULL_BELOW;
    const efficient = full
      ? { name: `${name}: efficiency (cores full: no bound)`, value, unit: '%' }
      : { name: `${name}: efficiency`, value, unit: '%', atLeast: MIN_EFFICIENCY * 100 };
    return [rate, rest, efficient];
  });
}

function rateOf(step: Step | undefined): number {
  return median((step?.runs ?? []).map(({ perSecond }) => perSecond));
}
