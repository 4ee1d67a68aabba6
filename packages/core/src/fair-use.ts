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

/** How many steps are passed: 0 the full rate, n the nth step. `steps` ascend; a step is passed when its bytes are used. */
export function fairUseStepAt(steps: readonly FairUseStep[] | null, usedOctets: bigint): number {
  if (steps === null) return 0;
  const notPassed = steps.findIndex((step) => usedOctets < BigInt(step.afterOctets));
  return notPassed === -1 ? steps.length : notPassed;
}

/** The rate of a step as fairUseStepAt counts them; a step beyond the last is the last. */
export function rateAt(terms: Rate & { readonly fairUse: readonly FairUseStep[] | null }, step: number): Rate {
  const passed = step < 1 ? undefined : terms.fairUse?.[Math.min(step, terms.fairUse.length) - 1];
  const { downKbps, upKbps } = passed ?? terms;
  return { downKbps, upKbps };
}
