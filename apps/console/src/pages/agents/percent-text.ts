const HUNDREDTHS = 100;

/** Hundredths of a percent for people: `7.5 %`. */
export function percentText(basisPoints: number): string {
  return `${basisPoints / HUNDREDTHS} %`;
}

/** What people write as percent, in hundredths of it; undefined for no number. */
export function basisPointsOf(percent: number | string): number | undefined {
  return typeof percent === 'number' ? Math.round(percent * HUNDREDTHS) : undefined;
}
