import type { LiveEvent } from '@turnpike/contracts/events.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { createLiveBus, type LiveBus } from './live-bus.js';
import { createLogger } from './logger.js';
import { openRedis } from './redis.js';

const logger = createLogger({ level: 'silent', role: 'test', instance: 'test' });
const change = (topic: string): LiveEvent => ({ type: 'changed', topic, id: null });

/** What a listener heard, and a way to wait for so many. */
function ear() {
  const heard: { event: LiveEvent; id: string }[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  return {
    heard,
    listener: (event: LiveEvent, id: string) => {
      heard.push({ event, id });
      for (const each of waiting) if (heard.length >= each.count) each.resolve();
    },
    events: () => heard.map(({ event }) => (event.type === 'changed' ? event.topic : event.type)),
    has: (count: number) =>
      new Promise<void>((resolve) => {
        waiting.push({ count, resolve });
        if (heard.length >= count) resolve();
      }),
  };
}

describe('the live bus', () => {
  let store: TestRedis;
  const buses: LiveBus[] = [];
  async function open(kept?: number): Promise<LiveBus> {
    const { redis: publisher, prefix } = store;
    const bus = createLiveBus({ publisher, reader: store.open('blocking'), prefix, logger, ...(kept && { kept }) });
    buses.push(bus);
    await bus.started();
    return bus;
  }
  beforeAll(async () => {
    store = await openTestRedis('durable');
  });
  beforeEach(() => store.flush());
  afterEach(async () => {
    await Promise.all(buses.splice(0).map((bus) => bus.close()));
  });
  afterAll(() => store.close());

  test('an event reaches listeners of every process in order, also after one of them threw or junk came by', async () => {
    const [one, two] = [await open(), await open()];
    one.subscribe(() => {
      throw new Error('bad listener');
    });
    const ears = [one, two].map((bus) => {
      const each = ear();
      bus.subscribe(each.listener);
      return each;
    });
    await store.redis.xadd(`${store.prefix}live`, '*', 'event', 'not json');
    await store.redis.xadd(`${store.prefix}live`, '*', 'event', '{"type":"unheard-of"}');
    await one.publish(change('routers'));
    await two.publish(change('packages'));
    await Promise.all(ears.map((each) => each.has(2)));
    for (const each of ears) expect(each.events()).toEqual(['routers', 'packages']);
  });

  test('a listener that left hears nothing more', async () => {
    const bus = await open();
    const [gone, stays] = [ear(), ear()];
    bus.subscribe(gone.listener)();
    bus.subscribe(stays.listener);
    await bus.publish(change('routers'));
    await stays.has(1);
    expect(gone.heard).toEqual([]);
  });

  test('who comes back, to whichever process, gets exactly what came after the last event that was seen', async () => {
    const before = await open();
    const first = ear();
    const leave = before.subscribe(first.listener);
    await before.publish(change('one'));
    await first.has(1);
    leave();
    for (const topic of ['two', 'three']) await before.publish(change(topic));
    const after = await open();
    const again = ear();
    after.subscribe(again.listener, first.heard[0]?.id);
    await after.publish(change('four'));
    await again.has(3);
    expect(again.events()).toEqual(['two', 'three', 'four']);
  });

  test('who saw the newest event gets nothing twice', async () => {
    const bus = await open();
    const first = ear();
    bus.subscribe(first.listener);
    await bus.publish(change('one'));
    await first.has(1);
    const again = ear();
    bus.subscribe(again.listener, first.heard[0]?.id);
    await bus.publish(change('two'));
    await again.has(1);
    expect(again.events()).toEqual(['two']);
  });

  test.each([
    ['too old', '1-1'],
    ['of another Redis', '99999999999999-0'],
    ['nothing of ours', 'junk'],
  ])('who comes back with an id that is %s is told once to read everything again', async (_why, id) => {
    const bus = await open();
    const seen = ear();
    bus.subscribe(seen.listener);
    await bus.publish(change('one'));
    await seen.has(1);
    const back = ear();
    bus.subscribe(back.listener, id);
    await back.has(1);
    await bus.publish(change('two'));
    await back.has(2);
    expect(back.events()).toEqual(['reset', 'two']);
  });

  test('an id that has fallen out of what is kept is too old, and the stream stays as long as it should', async () => {
    const bus = await open(200);
    const seen = ear();
    bus.subscribe(seen.listener);
    for (let at = 0; at < 600; at += 50) {
      for (let next = at; next < at + 50; next += 1) void bus.publish(change(`${next}`));
      await seen.has(at + 50);
    }
    const back = ear();
    bus.subscribe(back.listener, seen.heard[0]?.id);
    expect(back.events()).toEqual(['reset']);
    const late = ear();
    bus.subscribe(late.listener, seen.heard[500]?.id);
    expect(late.heard).toHaveLength(99);
    // Redis trims whole nodes of a hundred entries.
    expect(await store.redis.xlen(`${store.prefix}live`)).toBeLessThanOrEqual(300);
  });

  test('a process that is so slow that events are gone before it reads them tells everybody to read again', async () => {
    const bus = await open(200);
    const slow = ear();
    bus.subscribe(slow.listener);
    await bus.publish(change('read in time'));
    await slow.has(1);
    const burst = store.redis.pipeline();
    for (let at = 0; at < 600; at += 1) {
      burst.xadd(`${store.prefix}live`, 'MAXLEN', '=', 200, '*', 'event', JSON.stringify(change(`${at}`)));
    }
    const heard = (match: (event: LiveEvent) => boolean) =>
      new Promise<void>((resolve) => bus.subscribe((event) => match(event) && resolve()));
    const told = [heard(({ type }) => type === 'reset'), heard((event) => 'topic' in event && event.topic === '599')];
    await burst.exec();
    await Promise.all(told);
    expect(slow.events()).toEqual(expect.arrayContaining(['599', 'reset']));
    expect(slow.heard.length).toBeLessThan(600);
  });

  test('a process that has not read so far yet neither repeats nor resets', async () => {
    const bus = await open();
    const id = await store.redis.xadd(`${store.prefix}live`, '*', 'event', JSON.stringify(change('known elsewhere')));
    const back = ear();
    bus.subscribe(back.listener, id ?? '');
    await bus.publish(change('next'));
    await back.has(1);
    expect(back.events()).toEqual(['next']);
  });

  test('publishing without Redis neither throws nor waits', async () => {
    const publisher = openRedis({ url: 'redis://127.0.0.1:1', role: 'durable', use: 'commands', logger });
    const bus = createLiveBus({ publisher, prefix: store.prefix, logger });
    await expect(bus.publish(change('routers'))).resolves.toBeUndefined();
    await bus.close();
    publisher.disconnect();
  });
});
