import { createAskMaker, type Ask, type Loaded } from './ask-maker.js';
import { asksOfMoney } from './asks-of-money.js';
import { asksOfPeople } from './asks-of-people.js';
import { asksOfThings } from './asks-of-things.js';

const QUEUE = 'sweeps';

/**
 * Every list and look-up of the API that can be long, with each combination of filters that the console offers where another
 * index may be needed for it, and with pages from deep inside.
 */
export function asksOf(loaded: Loaded): Ask[] {
  const maker = createAskMaker(loaded);
  return [...asksOfPeople(maker, loaded), ...asksOfMoney(maker, loaded), ...asksOfThings(maker, loaded)].map((ask) => ({
    ...ask,
    path: (pick) => ask.path(pick).replace('{name}', QUEUE),
  }));
}
