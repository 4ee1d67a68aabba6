import type { z } from 'zod';
import { problem, type Problem } from '@turnpike/contracts/common.js';
import type { Endpoint } from '@turnpike/contracts/endpoint.js';
import { liveEvent, type LiveEvent } from '@turnpike/contracts/events.js';

export interface CallInput {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Idempotency-Key header. */
  readonly key?: string;
}

/** The HTTP API as a program of somebody else would use it: every answer is held against the published schema. */
export interface Api {
  /** Rejects with the problem unless the answer has the endpoint's status and shape. */
  call<R extends z.ZodType>(endpoint: AnyEndpoint<R>, input?: CallInput): Promise<z.output<R>>;
  /** For answers that may be refusals: the status and the body as it came. */
  ask(endpoint: AnyEndpoint<z.ZodType>, input?: CallInput): Promise<Answer>;
  /** Expects a refusal. */
  refused(endpoint: AnyEndpoint<z.ZodType>, input?: CallInput): Promise<Problem>;
  /** Live events from now on. */
  events(query?: Readonly<Record<string, string>>): Promise<EventStream>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface EventStream {
  /** What came so far. */
  readonly events: readonly LiveEvent[];
  close(): Promise<void>;
}

type AnyEndpoint<R extends z.ZodType> = Endpoint<z.ZodType, z.ZodType, z.ZodType, R>;

const CALL_TIMEOUT_MS = 20_000;

export function createApi(baseUrl: string, token?: string): Api {
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };

  async function ask(endpoint: AnyEndpoint<z.ZodType>, input: CallInput = {}): Promise<Answer> {
    const response = await fetch(urlOf(baseUrl, endpoint.path, input), {
      method: endpoint.method.toUpperCase(),
      headers: {
        ...authorization,
        ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(input.key === undefined ? {} : { 'idempotency-key': input.key }),
      },
      ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
    const text = await response.text();
    const body: unknown = text === '' ? null : JSON.parse(text);
    return { status: response.status, headers: response.headers, body };
  }

  return {
    ask,
    call: async (endpoint, input) => {
      const { status, body } = await ask(endpoint, input);
      if (status !== endpoint.status) {
        throw new Error(`${endpoint.method} ${endpoint.path} answered ${status}: ${JSON.stringify(body)}`);
      }
      return endpoint.response.parse(body);
    },
    refused: async (endpoint, input) => {
      const { status, headers, body } = await ask(endpoint, input);
      expect(headers.get('content-type')).toBe('application/problem+json');
      const told = problem.parse(body);
      expect(told.status).toBe(status);
      return told;
    },
    events: (query = {}) => openEvents(urlOf(baseUrl, '/events', { query }), authorization),
  };
}

function urlOf(baseUrl: string, path: string, { params = {}, query = {} }: CallInput): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams(query).toString();
  return `${baseUrl}${filled}${search === '' ? '' : `?${search}`}`;
}

async function openEvents(url: string, headers: Record<string, string>): Promise<EventStream> {
  const stop = new AbortController();
  const response = await fetch(url, { headers: { ...headers, accept: 'text/event-stream' }, signal: stop.signal });
  if (response.status !== 200 || response.body === null) throw new Error(`/events answered ${response.status}`);
  const events: LiveEvent[] = [];
  const reading = readEvents(response.body, (event) => events.push(event)).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return {
    events,
    close: async () => {
      stop.abort();
      await reading;
    },
  };
}

/** WHATWG HTML, 9.2: blocks of lines, an empty line ends each. */
async function readEvents(body: ReadableStream<Uint8Array>, take: (event: LiveEvent) => void): Promise<void> {
  const decoder = new TextDecoder();
  let pending = '';
  for await (const chunk of body) {
    const blocks = (pending + decoder.decode(chunk, { stream: true })).split('\n\n');
    pending = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = block
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice('data:'.length));
      const text = data.join('\n').trim();
      if (text.startsWith('{')) take(liveEvent.parse(JSON.parse(text)));
    }
  }
}
