// The mixed rounds at a rate that rises from RATE to MOST in SECONDS, until a bound breaks.
import { frugal, roundsOf } from './mix.js';
import { thresholdsOf } from './slo.js';

export { handleSummary } from './tally.js';
export { round as default } from './mix.js';

export const options = {
  ...frugal,
  scenarios: {
    breakpoint: {
      executor: 'ramping-arrival-rate',
      startRate: roundsOf(Number(__ENV.RATE)),
      timeUnit: '1s',
      stages: [{ target: roundsOf(Number(__ENV.MOST)), duration: `${__ENV.SECONDS}s` }],
      preAllocatedVUs: 100,
      maxVUs: 300,
      gracefulStop: '5s',
    },
  },
  thresholds: thresholdsOf('breakpoint'),
};
