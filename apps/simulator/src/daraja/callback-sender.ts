import type { SimTime } from '../router/sim-time.js';
import { callbackBody, failureBody } from './callback-body.js';
import type { Push } from './push-book.js';

/** As long as the real one waits for the merchant. */
const DEADLINE_MS = 10_000;

export interface PostOutcome {
  /** HTTP status, or why there was none. */
  readonly outcome: number | string;
  readonly text: string;
}

export interface CallbackSender {
  /** Sends the callbacks of an answered push as its rule says. */
  announce(push: Push): void;
  /** Sends its callback once more, now. */
  again(push: Push): Promise<void>;
  /** POSTs JSON to a merchant. Never rejects. */
  post(url: string, body: object): Promise<PostOutcome>;
  /** Whether some are still to be sent or under way. */
  readonly waiting: number;
  /** What is not sent yet never is. */
  reset(): void;
  /** As `reset`; resolves when nothing is under way. */
  stop(): Promise<void>;
}

function why(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** A failed callback is not sent again, as in reality: whoever missed it has to ask. */
export function createCallbackSender(time: SimTime): CallbackSender {
  const stopping = new AbortController();
  const alarms = new Set<() => void>();
  const running = new Set<Promise<unknown>>();

  async function post(url: string, body: object): Promise<PostOutcome> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(DEADLINE_MS)]),
      });
      return { outcome: response.status, text: await response.text() };
    } catch (error) {
      return { outcome: why(error), text: '' };
    }
  }

  async function deliver(push: Push, body: object): Promise<void> {
    const at = time.now();
    const startedMs = time.monotonicMs();
    const { outcome } = await post(push.request.CallBackURL, body);
    push.deliveries.push({ at, outcome, tookMs: time.monotonicMs() - startedMs });
  }

  function run(work: Promise<unknown>): void {
    running.add(work);
    void work.finally(() => running.delete(work));
  }

  function later(ms: number, push: Push, body: object): void {
    const takeBack = time.after(ms, () => {
      alarms.delete(takeBack);
      run(deliver(push, body));
    });
    alarms.add(takeBack);
  }

  function reset(): void {
    for (const takeBack of alarms) takeBack();
    alarms.clear();
  }

  return {
    announce: (push) => {
      const { callbacks, lostShare, lateShare, lateMs, shuffleMs, failsFirst } = push.rule;
      const body = callbackBody(push);
      if (body === undefined || push.chance('lost') < lostShare) return;
      const [least, most] = typeof callbacks === 'number' ? [callbacks, callbacks] : callbacks;
      const copies = least + Math.floor(push.chance('copies') * (most - least + 1));
      const waitMs = push.chance('late') < lateShare ? lateMs : 0;
      if (failsFirst && push.receipt !== undefined) later(waitMs, push, failureBody(push));
      for (let copy = 0; copy < copies; copy += 1) {
        later(waitMs + push.chance(`copy ${copy}`) * shuffleMs, push, body);
      }
    },
    again: async (push) => {
      const body = callbackBody(push);
      if (body !== undefined) await deliver(push, body);
    },
    post,
    get waiting() {
      return alarms.size + running.size;
    },
    reset,
    stop: async () => {
      reset();
      stopping.abort();
      await Promise.all(running);
    },
  };
}
