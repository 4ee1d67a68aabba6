// 70 % cached reads, 20 % others, 10 % writes at one rate: RATE requests a second for SECONDS. SLO: which bounds hold.
import { frugal, keptNames, roundsOf, usersFor } from './mix.js';
import { thresholdsOf } from './slo.js';

export { handleSummary } from './tally.js';
export { round as default } from './mix.js';

export const options = {
  ...frugal,
  scenarios: {
    mixed: {
      executor: 'constant-arrival-rate',
      rate: roundsOf(Number(__ENV.RATE)),
      timeUnit: '1s',
      duration: `${__ENV.SECONDS}s`,
      preAllocatedVUs: usersFor(Number(__ENV.RATE)),
      maxVUs: Math.max(200, usersFor(Number(__ENV.RATE))),
      gracefulStop: '20s',
    },
  },
  thresholds: { ...thresholdsOf(__ENV.SLO), ...keptNames },
};
