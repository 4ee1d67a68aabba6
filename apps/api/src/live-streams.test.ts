import type { LiveEvent } from '@turnpike/contracts/events.js';
import { openApiRig, type ApiRig } from './api-rig.js';

interface Received {
  readonly event: LiveEvent;
  readonly id: string;
  readonly atMs: number;
}

/** One open stream of events, read as it comes. */
interface Stream {
  readonly received: Received[];
  /** Last id that was told, with an event or without. */
  lastId(): string;
  /** Resolves with what is found, looked for in all that has come and all that comes. */
  until(match: (event: LiveEvent) => boolean): Promise<Received>;
  close(): Promise<void>;
}

async function openStream(base: string, token: string, headers: Record<string, string> = {}): Promise<Stream> {
  const abort = new AbortController();
  const response = await fetch(`${base}/events`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
    signal: abort.signal,
  });
  expect(response.status).toBe(200);
  const received: Received[] = [];
  const waiting = new Set<() => void>();
  let lastId = '';
  let marked = (): void => undefined;
  const opened = new Promise<void>((resolve) => (marked = resolve));
  const take = (block: string): void => {
    const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1];
    const [id, data] = [field('id'), field('data')];
    if (id !== undefined) lastId = id;
    if (id !== undefined) marked();
    if (data === undefined) return;
    received.push({ event: JSON.parse(data), id: lastId, atMs: performance.now() });
    for (const look of waiting) look();
  };
  const reading = (async () => {
    let rest = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop() ?? '';
      blocks.forEach(take);
    }
  })().catch(() => undefined);
  await opened;
  return {
    received,
    lastId: () => lastId,
    until: (match) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = received.find(({ event }) => match(event));
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    close: async () => {
      abort.abort();
      await reading;
    },
  };
}

const isChange = (topic: string, id?: string) => (event: LiveEvent) =>
  event.type === 'changed' && event.topic === topic && (id === undefined || event.id === id);

const packageNamed = (name: string) => ({
  name,
  type: 'hotspot',
  priceMinor: 1_000,
  currency: 'KES',
  validForSeconds: 3_600,
  downKbps: 1_000,
  upKbps: 1_000,
});

describe('the live stream of a cluster of API processes', () => {
  let rig: ApiRig;
  let other: { base: string; stop: () => Promise<void> };
  const streams: Stream[] = [];
  const open = async (base: string, headers?: Record<string, string>): Promise<Stream> => {
    const stream = await openStream(base, rig.token, headers);
    streams.push(stream);
    return stream;
  };
  beforeAll(async () => {
    rig = await openApiRig();
    other = await rig.startAnother();
  });
  afterEach(async () => {
    await Promise.all(streams.splice(0).map((stream) => stream.close()));
  });
  afterAll(async () => {
    await other.stop();
    await rig.close();
  });

  test('a change made through one process shows on every process within a second', async () => {
    const both = await Promise.all([open(rig.base), open(other.base)]);
    const startedMs = performance.now();
    const { body, status } = await rig.json('POST', '/packages', packageNamed('An hour'));
    expect(status).toBe(201);
    const heard = await Promise.all(both.map((stream) => stream.until(isChange('packages', String(body['id'])))));
    for (const { atMs } of heard) expect(atMs - startedMs).toBeLessThan(1_000);
  });

  test('what was refused or answered from before is no change', async () => {
    const stream = await open(rig.base);
    expect((await rig.json('POST', '/packages', { name: 'No package' })).status).toBe(400);
    const { body } = await rig.json('POST', '/packages', packageNamed('The only one'));
    await stream.until(isChange('packages', String(body['id'])));
    expect(stream.received.filter(({ event }) => isChange('packages')(event))).toHaveLength(1);
  });

  test('who is cut off goes on at another process with exactly what was missed', async () => {
    const stream = await open(rig.base);
    const cutAt = stream.lastId();
    await stream.close();
    const { body } = await rig.json('POST', '/packages', packageNamed('Sold meanwhile'));
    const again = await open(other.base, { 'last-event-id': cutAt });
    const missed = await again.until(isChange('packages', String(body['id'])));
    expect(again.received).toEqual([missed]);
    const third = await open(rig.base, { 'last-event-id': '1-1' });
    await third.until((event) => event.type === 'reset');
    expect(third.received).toHaveLength(1);
  });

  // What they hold of memory is a bound of `npm run loadtest -- consoles`: a process that ran a hundred test files tells nothing of it.
  test('200 streams of one process get 25 events each for less than two seconds of work', async () => {
    const many = 200;
    const opened = await Promise.all(Array.from({ length: many }, () => open(rig.base)));
    // Both ends of every stream are in this process. Not by the clock: a machine that is busy with others would be what is measured.
    const started = process.cpuUsage();
    await burstOf(25);
    await Promise.all(opened.map((stream) => stream.until(isChange('packages', 'burst-24'))));
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1_000).toBeLessThan(2 * 1_000);
    for (const { received } of opened) expect(received).toHaveLength(25);
  }, 120_000);

  async function burstOf(count: number): Promise<void> {
    const events = Array.from({ length: count }, (_, at) => ({
      type: 'changed',
      topic: 'packages',
      id: `burst-${at}`,
    }));
    await Promise.all(
      events.map((event) => rig.durable.redis.xadd(`${rig.durable.prefix}live`, '*', 'event', JSON.stringify(event))),
    );
  }
});
