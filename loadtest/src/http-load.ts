import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { askHttp, KeptConnectionLost, TrafficCount } from './http-ask.js';
import { LatencyHistogram } from './radius/latency-histogram.js';

export interface HttpAsk {
  readonly method?: string;
  /** After the address of the API. */
  readonly path: string;
  readonly body?: unknown;
  /** The one status that counts as success. */
  readonly expected: number;
}

export interface HttpLoadOptions {
  readonly apiUrl: string;
  readonly token: string;
  /** Requests a second, started on time whatever becomes of those before; Infinity: each connection asks as soon as it is answered. */
  readonly perSecond: number;
  /** Kept alive. */
  readonly connections: number;
  /** The `turn`-th request from 0. */
  readonly ask: (turn: number) => HttpAsk;
  readonly durationMs: number;
  /** Ends it before. */
  readonly until?: AbortSignal;
  readonly signal: AbortSignal;
}

export interface HttpLoadRun {
  readonly sent: number;
  /** Without an answer, or with another one than expected. */
  readonly failed: number;
  /** Sent a second time, on a new connection, as the kept one was closed under them; as browsers and proxies do. */
  readonly askedAgain: number;
  /** What the first few of those were. */
  readonly examples: readonly string[];
  readonly latencies: LatencyHistogram;
  readonly seconds: number;
  readonly bytes: number;
}

const TICK_MS = 5;
const ANSWER_WITHIN_MS = 30_000;
const MOST_EXAMPLES = 5;

/** Requests over keep-alive connections; resolves when all are answered. Rejects only for `signal`. */
export async function runHttpLoad(options: HttpLoadOptions): Promise<HttpLoadRun> {
  const { apiUrl, token, perSecond, connections, ask, durationMs, until, signal } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'fifo' });
  const traffic = new TrafficCount();
  const latencies = new LatencyHistogram();
  const ends = until === undefined ? [signal] : [signal, until];
  const counts = { sent: 0, failed: 0, askedAgain: 0, examples: new Array<string>() };

  function fail(what: string): void {
    counts.failed += 1;
    if (counts.examples.length < MOST_EXAMPLES) counts.examples.push(what);
  }

  async function one(): Promise<void> {
    const { method = 'GET', path, body, expected } = ask(counts.sent);
    counts.sent += 1;
    const name = `${method} ${path}`;
    try {
      const key: Record<string, string> = method === 'GET' ? {} : { 'idempotency-key': randomUUID() };
      const headers = { authorization: `Bearer ${token}`, ...key };
      const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
      const question = { url: apiUrl + path, method, headers, body, signal: limit };
      const answer = await askHttp({ ...question, agent }, traffic).catch((error: unknown) => {
        if (!(error instanceof KeptConnectionLost)) throw error;
        counts.askedAgain += 1;
        return askHttp(question, traffic);
      });
      latencies.add(answer.tookMs);
      if (answer.status !== expected) fail(`${name} answered ${answer.status}: ${answer.text.slice(0, 200)}`);
    } catch (error) {
      fail(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  // Every request listens to it while it is under way.
  setMaxListeners(0, signal);
  const startedMs = performance.now();
  const isOver = (): boolean => ends.some(({ aborted }) => aborted) || performance.now() - startedMs >= durationMs;
  try {
    if (perSecond === Infinity) {
      const lane = async (): Promise<void> => {
        while (!isOver()) await one();
      };
      await Promise.all(Array.from({ length: connections }, lane));
    } else {
      const running = new Set<Promise<void>>();
      while (!isOver()) {
        const due = Math.floor(((performance.now() - startedMs) / 1_000) * perSecond);
        while (counts.sent < due) {
          const asked: Promise<void> = one().finally(() => running.delete(asked));
          running.add(asked);
        }
        await delay(TICK_MS);
      }
      await Promise.all(running);
    }
    signal.throwIfAborted();
    return { ...counts, latencies, seconds: (performance.now() - startedMs) / 1_000, bytes: traffic.bytes };
  } finally {
    agent.destroy();
  }
}
