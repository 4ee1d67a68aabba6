// What the program that runs k6 has made: addresses, a token and ids. The file is read once, not by each virtual user.
import { SharedArray } from 'k6/data';

const LONG = 'buyers';

const [shared] = new SharedArray('data', () => {
  const { [LONG]: _long, ...rest } = JSON.parse(open(__ENV.DATA));
  return [rest];
});

/** As plain values of this virtual user: what is shared is parsed each time it is looked at. */
export const data = JSON.parse(JSON.stringify(shared));

/** Too long to be in every virtual user; each looks at a few. */
export const sharedBuyers = () => new SharedArray(LONG, () => JSON.parse(open(__ENV.DATA))[LONG]);
