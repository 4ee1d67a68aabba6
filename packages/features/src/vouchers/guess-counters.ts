import type { Metrics } from '@turnpike/runtime/metrics.js';

/** `role`: of the process, in the names. Apart from the limits, so that they are there before the first voucher is. */
export function guessCounters(metrics: Metrics, role: string) {
  const guesses = metrics.counter(
    `turnpike_${role}_voucher_guesses_total`,
    'Voucher codes that do not exist, and codes not looked for because of too many such before',
    ['outcome'],
  );
  const alarms = metrics.counter(
    `turnpike_${role}_voucher_guess_alarms_total`,
    'Times that a device, an address or a router passed the limit of wrong voucher codes',
    ['scope'],
  );
  // A series that begins with its first event hides that event from increase().
  for (const scope of ['device', 'address', 'nas']) alarms.inc({ scope }, 0);
  return { guesses, alarms };
}
