// 70 % cached reads, 20 % others, 10 % writes at one rate: RATE requests a second for SECONDS. SLO: which bounds hold.
import { frugal, keptNames, steady } from './mix.js';
import { thresholdsOf } from './slo.js';

export { handleSummary } from './tally.js';
export { round as default } from './mix.js';

export const options = {
  ...frugal,
  scenarios: { mixed: steady() },
  thresholds: { ...thresholdsOf(__ENV.SLO), ...keptNames },
};
