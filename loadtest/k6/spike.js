// The mixed rounds at RATE, five times as many for SPIKE_SECONDS in the middle, and RATE again.
import { frugal, roundsOf } from './mix.js';
import { thresholdsOf } from './slo.js';

export { handleSummary } from './tally.js';
export { round as default } from './mix.js';

const TIMES = 5;
const rounds = roundsOf(Number(__ENV.RATE));
const around = `${__ENV.SECONDS}s`;
const stage = (target, duration) => ({ target, duration });

export const options = {
  ...frugal,
  scenarios: {
    spike: {
      executor: 'ramping-arrival-rate',
      startRate: rounds,
      timeUnit: '1s',
      stages: [
        stage(rounds, around),
        stage(rounds * TIMES, '0s'),
        stage(rounds * TIMES, `${__ENV.SPIKE_SECONDS}s`),
        stage(rounds, '0s'),
        stage(rounds, around),
      ],
      preAllocatedVUs: 600,
      maxVUs: 1200,
      // What is still under way then is answered, or counts as wrong.
      gracefulStop: '60s',
    },
  },
  thresholds: thresholdsOf('spike'),
};
