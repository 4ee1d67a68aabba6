import type { Sample } from '@turnpike/runtime/metrics-fanout.js';
import { createSteerableClock, type SteerableClock } from '@turnpike/testkit/steerable-clock.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { createAlertMemory } from './alert-memory.js';
import { createLoginWatch } from './login-watch.js';

let redis: TestRedis;
let clock: SteerableClock;
let samples: Sample[];

beforeAll(async () => {
  redis = await openTestRedis('durable');
});

beforeEach(async () => {
  await redis.flush();
  clock = createSteerableClock();
  samples = [];
});

afterAll(() => redis.close());

/** One worker; they share what they know in Redis. */
const newWatch = () =>
  createLoginWatch({
    memory: createAlertMemory({ redis: redis.redis, prefix: redis.prefix }),
    readDecisions: async () => samples,
    clock,
  });

const decided = (outcome: string, value: number, instance = '0'): Sample => {
  return { name: 'x', labels: { role: 'radius-auth', instance, outcome }, value };
};

test('counts what points at trouble, of all processes, between two looks of whichever worker', async () => {
  samples = [decided('wrong_password', 100), decided('wrong_site', 5, '1'), decided('unknown_user', 10)];
  expect(await newWatch()()).toBeUndefined();
  clock.advance(15_000);
  samples = [decided('wrong_password', 110), decided('wrong_site', 7, '1'), decided('unknown_user', 9_000)];
  expect(await newWatch()()).toEqual({ perMinute: 48, reason: 'wrong_password' });
  clock.advance(15_000);
  expect(await newWatch()()).toBe('none');
});

test('a process that began anew counts from nothing', async () => {
  samples = [decided('wrong_password', 1_000)];
  await newWatch()();
  clock.advance(60_000);
  samples = [decided('wrong_password', 12)];
  expect(await newWatch()()).toEqual({ perMinute: 12, reason: 'wrong_password' });
});

test('what a process counted while it did not answer is not taken for new', async () => {
  samples = [decided('wrong_password', 3)];
  await newWatch()();
  clock.advance(15_000);
  samples = [decided('wrong_password', 3), decided('wrong_password', 90_000, '1')];
  expect(await newWatch()()).toBe('none');
});

test('two workers in the same seconds say the same, and what is too old is not compared', async () => {
  samples = [decided('wrong_service', 0)];
  await newWatch()();
  clock.advance(30_000);
  samples = [decided('wrong_service', 30)];
  expect(await newWatch()()).toEqual({ perMinute: 60, reason: 'wrong_service' });
  clock.advance(1_000);
  expect(await newWatch()()).toEqual({ perMinute: 60, reason: 'wrong_service' });
  clock.advance(3_600_000);
  expect(await newWatch()()).toBeUndefined();
});
