/** From `afterOctets` on (decimal digits) the rate is this one. */
export interface FairUseStep {
  readonly afterOctets: string;
  readonly downKbps: number;
  readonly upKbps: number;
}

export interface Rate {
  readonly downKbps: number;
  readonly upKbps: number;
}

/** Faster for a while: up to these rates as long as the average over `seconds` is below the thresholds. */
export interface Burst extends Rate {
  readonly thresholdDownKbps: number;
  readonly thresholdUpKbps: number;
  readonly seconds: number;
}

export interface BurstRate extends Rate {
  readonly burst?: Burst;
}

export interface RateTerms extends Rate {
  readonly fairUse: readonly FairUseStep[] | null;
  readonly burst?: Burst | null;
}

/** How many steps are passed: 0 the full rate, n the nth step. `steps` ascend; a step is passed when its bytes are used. */
export function fairUseStepAt(steps: readonly FairUseStep[] | null, usedOctets: bigint): number {
  if (steps === null) return 0;
  const notPassed = steps.findIndex((step) => usedOctets < BigInt(step.afterOctets));
  return notPassed === -1 ? steps.length : notPassed;
}

/** The rate of a step as fairUseStepAt counts them; a step beyond the last is the last. A slower step has no burst. */
export function rateAt(terms: RateTerms, step: number): BurstRate {
  const passed = step < 1 ? undefined : terms.fairUse?.[Math.min(step, terms.fairUse.length) - 1];
  const { downKbps, upKbps } = passed ?? terms;
  return passed === undefined && terms.burst ? { downKbps, upKbps, burst: terms.burst } : { downKbps, upKbps };
}
