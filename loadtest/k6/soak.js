// The mixed rounds for long, at one rate. No percentile is kept by k6 itself: it would hold, and sort, millions of values.
import { frugal, steady } from './mix.js';
import { thresholdsOf } from './slo.js';

export { handleSummary } from './tally.js';
export { round as default } from './mix.js';

export const options = {
  ...frugal,
  scenarios: { soak: steady() },
  thresholds: thresholdsOf('soak'),
};
