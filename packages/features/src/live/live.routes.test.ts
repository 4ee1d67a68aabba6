import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LiveEvent } from '@turnpike/contracts/events.js';
import type { Actor } from '@turnpike/runtime/http/actor.js';
import type { LiveBus } from '@turnpike/runtime/live-bus.js';
import { liveRoutes } from './live.routes.js';

const actor: Actor = { id: 'a', name: 'A', role: 'viewer', scopes: [], tokenId: 't', kind: 'session' };
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

/** A bus within this process, that knows how many listen. */
function localBus() {
  const listeners = new Set<(event: LiveEvent) => void>();
  const live: LiveBus = {
    publish: async (event) => listeners.forEach((listener) => listener(event)),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    started: async () => undefined,
    close: async () => undefined,
  };
  return { live, listeners };
}

/** Opens the stream as the API does; gives what arrives on it. */
async function open(live: LiveBus, query: Record<string, string>, signal: AbortSignal) {
  const [binding] = liveRoutes({ live });
  if (binding?.kind !== 'stream') throw new Error('GET /events is a stream');
  const pushed: { event: unknown; type: string | undefined }[] = [];
  const sse = { push: (event: unknown, type?: string) => void pushed.push({ event, type }), close: () => undefined };
  await binding.prepare({ params: {}, query, body: {} }).run({ actor, requestId: 'r', ip: '127.0.0.1', signal, sse });
  await nextTurn();
  return pushed;
}

describe('GET /events', () => {
  test('sends every event under its type to who asks for everything', async () => {
    const { live } = localBus();
    const pushed = await open(live, {}, new AbortController().signal);
    const events = [statusOf(ours), statusOf(other), sessionEvent];
    for (const event of events) await live.publish(event);
    expect(pushed).toEqual(events.map((event) => ({ event, type: event.type })));
  });

  test('sends the events of one router, and no others, to who asks for one', async () => {
    const { live } = localBus();
    const pushed = await open(live, { routerId: ours }, new AbortController().signal);
    for (const event of [statusOf(other), sessionEvent, statusOf(ours)]) await live.publish(event);
    expect(pushed).toEqual([{ event: statusOf(ours), type: 'router-status' }]);
  });

  test('listens no more once the caller has gone, also when that was before it began', async () => {
    const { live, listeners } = localBus();
    const caller = new AbortController();
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
