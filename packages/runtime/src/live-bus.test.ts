import type { LiveEvent } from '@turnpike/contracts/events.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { createLiveBus, type LiveBus } from './live-bus.js';
import { createLogger } from './logger.js';
import { openRedis } from './redis.js';

const logger = createLogger({ level: 'silent', role: 'test', instance: 'test' });
const event: LiveEvent = {
  type: 'session',
  sessionId: '0193a5b0-0000-7000-8000-000000000001',
  username: 'amina',
  state: 'open',
};

describe('the live bus', () => {
  let store: TestRedis;
  const buses: LiveBus[] = [];
  async function open(): Promise<LiveBus> {
    const bus = createLiveBus({
      publisher: store.redis,
      subscriber: store.open('subscriber'),
      prefix: store.prefix,
      logger,
    });
    buses.push(bus);
    await bus.started();
    return bus;
  }
  beforeAll(async () => {
    store = await openTestRedis('durable');
  });
  afterAll(async () => {
    await Promise.all(buses.map((bus) => bus.close()));
    await store.close();
  });

  test('an event reaches listeners of every process, also after one of them threw or junk came by', async () => {
    const [one, two] = [await open(), await open()];
    one.subscribe(() => {
      throw new Error('bad listener');
    });
    const received = Promise.all([one, two].map((bus) => new Promise<LiveEvent>((resolve) => bus.subscribe(resolve))));
    await store.redis.publish(`${store.prefix}live`, 'not json');
    await store.redis.publish(`${store.prefix}live`, '{"type":"unheard-of"}');
    await one.publish(event);
    expect(await received).toEqual([event, event]);
  });

  test('a listener that left hears nothing more', async () => {
    const bus = await open();
    const heard: LiveEvent[] = [];
    const leave = bus.subscribe((got) => void heard.push(got));
    leave();
    const arrived = new Promise<LiveEvent>((resolve) => bus.subscribe(resolve));
    await bus.publish(event);
    await arrived;
    expect(heard).toEqual([]);
  });

  test('publishing without Redis neither throws nor waits', async () => {
    const publisher = openRedis({ url: 'redis://127.0.0.1:1', role: 'durable', use: 'commands', logger });
    const bus = createLiveBus({ publisher, subscriber: store.open('subscriber'), prefix: store.prefix, logger });
    await expect(bus.publish(event)).resolves.toBeUndefined();
    await bus.close();
    publisher.disconnect();
  });
});
