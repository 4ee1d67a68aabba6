/** Middle and last third of what was sampled; the first one is for warming up. */
function thirds(values: readonly number[]): { readonly second: readonly number[]; readonly last: readonly number[] } {
  const third = Math.floor(values.length / 3);
  return { second: values.slice(third, 2 * third), last: values.slice(2 * third) };
}

/** Growth of the mean of the last third against that of the second, %; NaN of fewer than three samples. */
export function growthPercent(values: readonly number[]): number {
  const { second, last } = thirds(values);
  return (mean(last) / mean(second) - 1) * 100;
}

/** How many more there were at most in the last third than in the second; below 0: fewer. */
export function moreAtMost(values: readonly number[]): number {
  const { second, last } = thirds(values);
  return second.length === 0 ? Number.NaN : Math.max(...last) - Math.max(...second);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
