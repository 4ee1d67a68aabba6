import type { Endpoint } from '@turnpike/contracts/endpoint.js';
import type { z } from 'zod';
import { notExpected, problemOf, unreachable } from './api-problem.js';

export const API = '/api/v1';

/** What a call of an endpoint takes; `params` and the rest may be left out where the endpoint takes none. */
export interface CallInput<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly params?: z.input<P>;
  readonly query?: z.input<Q>;
  readonly body?: z.input<B>;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** The same key again gives the answer of the first time. */
  readonly idempotencyKey?: string | undefined;
  /** A media type of the endpoint's `files`. */
  readonly accept?: string | undefined;
}

/** Calls the API with this browser's session. Rejects with `ApiProblem`. */
export async function call<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, R>,
  input: CallInput<P, Q, B> = {},
  options: CallOptions = {},
): Promise<z.output<R>> {
  const response = await send(endpoint, input, options);
  const answer: unknown = response.status === 204 ? null : await response.json().catch(() => undefined);
  const parsed = endpoint.response.safeParse(answer);
  if (!parsed.success) throw notExpected(response, parsed.error);
  return parsed.data;
}

/** The same for an answer that is a file. */
export async function callForFile<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, R>,
  input: CallInput<P, Q, B>,
  options: CallOptions & { readonly accept: string },
): Promise<Blob> {
  return (await send(endpoint, input, options)).blob();
}

/** Path and query of a call, for links and for `CopyAs`. */
export function urlOf(endpoint: Endpoint, { params, query }: { params?: unknown; query?: unknown }): string {
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_whole, name: string) =>
    encodeURIComponent(textOf(entriesOf(params).get(name))),
  );
  const search = new URLSearchParams();
  for (const [name, value] of entriesOf(query)) {
    if (value !== undefined && value !== '') search.set(name, textOf(value));
  }
  return `${API}${path}${search.size === 0 ? '' : `?${search.toString()}`}`;
}

async function send(
  endpoint: Endpoint,
  input: { params?: unknown; query?: unknown; body?: unknown },
  { signal, idempotencyKey, accept = 'application/json' }: CallOptions,
): Promise<Response> {
  const headers = new Headers({ accept, 'x-turnpike-console': '1' });
  if (input.body !== undefined) headers.set('content-type', 'application/json');
  if (idempotencyKey !== undefined) headers.set('idempotency-key', idempotencyKey);
  const request: RequestInit = { method: endpoint.method.toUpperCase(), headers, signal: signal ?? null };
  if (input.body !== undefined) request.body = JSON.stringify(input.body);
  const response = await fetch(urlOf(endpoint, input), request).catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    throw unreachable(error);
  });
  if (!response.ok) throw await problemOf(response);
  return response;
}

function entriesOf(values: unknown): Map<string, unknown> {
  return new Map(typeof values === 'object' && values !== null ? Object.entries(values) : []);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
