import { CODE } from '@turnpike/radius/attributes.js';
import type { Figure } from '../results.js';
import { runStorm } from './login-storm.js';
import { withOwnInstance } from './own-instance.js';
import type { ChaosContext } from './scenario.js';
import { shuffle } from './seeded-random.js';

export const LIMIT_WHOLE = { CUSTOMERS: 1_000 };
const LOGINS_EACH = 50;
const DEVICES = 3;
const SLOTS = 8_192;

/** Fifty devices of each customer log in at once, in random order; as many as the package allows get in, no more, no fewer. */
export async function limit(context: ChaosContext): Promise<Figure[]> {
  const { config, say, signal, random, seed } = context;
  const users = config.CUSTOMERS ?? LIMIT_WHOLE.CUSTOMERS;
  return withOwnInstance(context, async (own) => {
    const target = await own.prepare({ customers: users, devices: DEVICES });
    const order = shuffle(
      Uint32Array.from({ length: users * LOGINS_EACH }, (_, index) => index),
      random,
    );
    const accepted = new Uint16Array(users);
    say(`${users} customers x ${LOGINS_EACH} devices at once, ${DEVICES} allowed, seed ${seed}`);
    const { logins, result } = await runStorm({
      target,
      loginOf: (turn) => {
        const login = order[turn];
        return login === undefined ? undefined : { customer: login % users, device: Math.floor(login / users) };
      },
      onAnswer: (turn, reply) => {
        const customer = (order[turn] ?? 0) % users;
        if (reply[0] === CODE.ACCESS_ACCEPT) accepted[customer] = (accepted[customer] ?? 0) + 1;
      },
      allowance: () => Infinity,
      slots: SLOTS,
      signal,
    });
    signal.throwIfAborted();
    return [
      { name: 'logins', value: result.lanes[0]?.sent ?? 0, unit: '', atLeast: users * LOGINS_EACH },
      { name: 'devices allowed for each customer', value: DEVICES, unit: '' },
      {
        name: 'customers with more devices online',
        value: accepted.filter((n) => n > DEVICES).length,
        unit: '',
        atMost: 0,
      },
      {
        name: 'customers with fewer devices online',
        value: accepted.filter((n) => n < DEVICES).length,
        unit: '',
        atMost: 0,
      },
      { name: 'accepted', value: logins.tally.accepted, unit: '', atLeast: users * DEVICES, atMost: users * DEVICES },
      { name: 'unanswered', value: logins.tally.lost, unit: '', atMost: 0 },
      { name: 'sent again', value: result.lanes[0]?.retransmitted ?? 0, unit: '' },
    ];
  });
}
