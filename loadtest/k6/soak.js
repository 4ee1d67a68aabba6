// The mixed rounds for long, at one rate. No percentile is kept by k6 itself: it would hold, and sort, millions of values.
import { frugal, roundsOf, usersFor } from './mix.js';
import { thresholdsOf } from './slo.js';

export { handleSummary } from './tally.js';
export { round as default } from './mix.js';

export const options = {
  ...frugal,
  scenarios: {
    soak: {
      executor: 'constant-arrival-rate',
      rate: roundsOf(Number(__ENV.RATE)),
      timeUnit: '1s',
      duration: `${__ENV.SECONDS}s`,
      preAllocatedVUs: usersFor(Number(__ENV.RATE)),
      maxVUs: Math.max(200, usersFor(Number(__ENV.RATE))),
      gracefulStop: '20s',
    },
  },
  thresholds: thresholdsOf('soak'),
};
