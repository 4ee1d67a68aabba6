import { setImmediate as nextTurn } from 'node:timers/promises';
import { topicReaders, type LiveEvent } from '@turnpike/contracts/events.js';
import type { Actor } from '@turnpike/runtime/http/actor.js';
import type { EventSink } from '@turnpike/runtime/http/route.js';
import type { LiveBus, LiveListener } from '@turnpike/runtime/live-bus.js';
import { contractEndpoints } from '@turnpike/testkit/contract-endpoints.js';
import type { SiteOf } from './event-sites.js';
import { liveRoutes } from './live.routes.js';

const viewer: Actor = {
  id: 'a',
  name: 'A',
  role: 'viewer',
  scopes: [],
  tokenId: 't',
  kind: 'session',
  sites: null,
  stepUpUntil: null,
};
const ours = '0190b5c1-0000-7000-8000-000000000001';
const other = '0190b5c1-0000-7000-8000-000000000002';

const statusOf = (routerId: string): LiveEvent => ({
  type: 'router-status',
  routerId,
  status: {
    id: routerId,
    status: 'online',
    lastSeenAt: null,
    lastCheckedAt: null,
    version: null,
    model: null,
    lastError: null,
  },
});
const sessionEvent: LiveEvent = { type: 'session', sessionId: other, username: 'amina', state: 'open' };

const payment: LiveEvent = {
  type: 'payment',
  paymentId: other,
  provider: 'mpesa',
  state: 'succeeded',
  amountMinor: 100,
  currency: 'KES',
};
const changed = (topic: string): LiveEvent => ({ type: 'changed', topic, id: other });

/** A bus within this process, that knows how many listen and where they asked to go on. */
function localBus() {
  const listeners = new Set<LiveListener>();
  const asked: (string | undefined)[] = [];
  let count = 0;
  const live: LiveBus = {
    publish: async (event) => {
      count += 1;
      for (const listener of listeners) listener(event, `${count}-0`);
    },
    subscribe: (listener, after) => {
      listeners.add(listener);
      asked.push(after);
      return () => void listeners.delete(listener);
    },
    position: () => `${count}-0`,
    started: async () => undefined,
    close: async () => undefined,
  };
  return { live, listeners, asked };
}

interface Caller {
  readonly actor?: Partial<Actor>;
  readonly lastEventId?: string;
}

/** Opens the stream as the API does; gives what arrives on it. */
async function open(live: LiveBus, query: Record<string, string>, signal: AbortSignal, caller: Caller = {}) {
  const siteOf: SiteOf = async ({ id }) => (id === ours ? 'Kilimani' : 'Westlands');
  const [binding] = liveRoutes({ live, siteOf });
  if (binding?.kind !== 'stream') throw new Error('GET /events is a stream');
  const pushed: { event: unknown; type: string | undefined; id: string | undefined }[] = [];
  const marked: string[] = [];
  const sse: EventSink<unknown> = {
    push: (event, type, id) => void pushed.push({ event, type, id }),
    mark: (id) => void marked.push(id),
    close: () => undefined,
  };
  await binding.prepare({ params: {}, query, body: {} }).run({
    actor: { ...viewer, ...caller.actor },
    requestId: 'r',
    ip: '127.0.0.1',
    userAgent: '',
    acceptLanguage: undefined,
    cookie: { used: false, set: () => undefined, clear: () => undefined },
    signal,
    sse,
    lastEventId: caller.lastEventId,
  });
  await nextTurn();
  return { pushed, marked, events: () => pushed.map(({ event }) => event) };
}

describe('GET /events', () => {
  let caller: AbortController;
  beforeEach(() => {
    caller = new AbortController();
  });
  afterEach(() => caller.abort());

  test('sends every event under its type and id to who asks for everything', async () => {
    const { live } = localBus();
    const { pushed } = await open(live, {}, caller.signal);
    const events = [statusOf(ours), statusOf(other), sessionEvent];
    for (const event of events) await live.publish(event);
    expect(pushed).toEqual(events.map((event, index) => ({ event, type: event.type, id: `${index + 1}-0` })));
  });

  test('sends the events of one router, and no others, to who asks for one', async () => {
    const { live } = localBus();
    const { events } = await open(live, { routerId: ours }, caller.signal);
    for (const event of [statusOf(other), sessionEvent, changed('routers'), statusOf(ours)]) await live.publish(event);
    expect(events()).toEqual([statusOf(ours)]);
  });

  test('goes on after the header Last-Event-ID, or after lastEventId where there is no header', async () => {
    const { live, asked, listeners } = localBus();
    await open(live, { lastEventId: '5-0' }, caller.signal);
    await open(live, { lastEventId: '5-0' }, caller.signal, { lastEventId: '7-1' });
    await open(live, {}, caller.signal);
    expect(asked).toEqual(['5-0', '7-1', undefined]);
    expect(listeners.size).toBe(3);
  });

  test('tells at once how far the stream is, for who is cut off before the first event', async () => {
    const { live } = localBus();
    await live.publish(sessionEvent);
    const { marked } = await open(live, {}, caller.signal);
    expect(marked).toEqual(['1-0']);
  });

  test('tells of money and of changes only those who may read them', async () => {
    const { live } = localBus();
    const everything = [payment, changed('payments'), changed('operators'), changed('customers'), changed('unknown')];
    const seen = await Promise.all(
      (['viewer', 'support', 'owner'] as const).map((role) => open(live, {}, caller.signal, { actor: { role } })),
    );
    const scoped = await open(live, {}, caller.signal, { actor: { role: 'owner', scopes: ['customers:read'] } });
    for (const event of everything) await live.publish(event);
    expect(seen.map(({ events }) => events())).toEqual([
      [changed('customers')],
      [payment, changed('payments'), changed('customers')],
      [payment, changed('payments'), changed('operators'), changed('customers')],
    ]);
    expect(scoped.events()).toEqual([changed('customers')]);
  });

  test('tells an operator of some sites of those only, in order, and not which thing changed elsewhere', async () => {
    const { live } = localBus();
    const { pushed, events } = await open(live, {}, caller.signal, { actor: { role: 'owner', sites: ['Kilimani'] } });
    const all = [statusOf(other), statusOf(ours), sessionEvent, payment, changed('customers'), changed('routers')];
    for (const event of all) await live.publish(event);
    await live.publish({ type: 'reset' });
    await nextTurn();
    expect(events()).toEqual([statusOf(ours), { type: 'changed', topic: 'routers', id: null }, { type: 'reset' }]);
    expect(pushed.map(({ id }) => id)).toEqual(['2-0', '6-0', '7-0']);
  });

  test('every tag with an endpoint that writes has readers, or is known to have none', async () => {
    const writing = (await contractEndpoints()).filter(({ method, allow }) => method !== 'get' && allow !== 'public');
    const without = new Set(writing.map(({ tag }) => tag).filter((tag) => !(tag in topicReaders)));
    expect([...without]).toEqual([]);
  });

  test('listens no more once the caller has gone, also when that was before it began', async () => {
    const { live, listeners } = localBus();
    await open(live, {}, caller.signal);
    expect(listeners.size).toBe(1);
    caller.abort();
    expect(listeners.size).toBe(0);
    await open(live, {}, caller.signal);
    expect(listeners.size).toBe(0);
  });

  test('refuses a router id that is none', async () => {
    const { live, listeners } = localBus();
    await expect(open(live, { routerId: 'x' }, new AbortController().signal)).rejects.toMatchObject({
      code: 'validation_failed',
    });
    expect(listeners.size).toBe(0);
  });
});
