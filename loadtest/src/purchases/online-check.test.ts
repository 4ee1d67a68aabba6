import { checkOnline } from './online-check.js';

const credentials = { username: 'u', password: 'p' };
const payers = ['1', '2', '3', '4'];
const pause = async () => undefined;

test('counts who got in, who was told nothing, and asks again for who did not get in', async () => {
  const tries = new Map<string, number>();
  const check = await checkOnline({
    payers,
    pause,
    credentialsOf: async (msisdn) => (msisdn === '4' ? undefined : credentials),
    isAccepted: async (msisdn) => {
      tries.set(msisdn, (tries.get(msisdn) ?? 0) + 1);
      return msisdn === '1' || (msisdn === '2' && tries.get(msisdn) === 2);
    },
  });
  expect(check).toEqual({ paid: 4, asked: 3, accepted: 2 });
  expect(Object.fromEntries(tries)).toEqual({ 1: 1, 2: 2, 3: 3 });
});

test('a portal that does not answer counts as told nothing', async () => {
  const credentialsOf = () => Promise.reject(new Error('away'));
  expect(await checkOnline({ payers, pause, credentialsOf, isAccepted: async () => true })).toEqual({
    paid: 4,
    asked: 0,
    accepted: 0,
  });
});
