import { problem } from '@turnpike/contracts/common.js';
import type { Endpoint } from '@turnpike/contracts/endpoint.js';
import type { z } from 'zod';

/** An answer other than success, in the API's own words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  /** By which the server's log tells of it; empty when it did not say. */
  readonly requestId: string;
  /** Fields that were refused. */
  readonly issues: readonly { readonly path: string; readonly message: string }[];

  constructor(
    status: number,
    code: string,
    detail: string,
    more: { requestId?: string; issues?: ApiError['issues'] } = {},
  ) {
    super(detail);
    this.status = status;
    this.code = code;
    this.requestId = more.requestId ?? '';
    this.issues = more.issues ?? [];
  }
}

export interface ApiCall<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly params?: z.input<P>;
  readonly query?: z.input<Q>;
  readonly body?: z.input<B>;
}

export interface ApiClient {
  /** Calls an endpoint of the public API; the answer is checked against the endpoint's schema. Throws ApiError. */
  call<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
    endpoint: Endpoint<P, Q, B, R>,
    input?: ApiCall<P, Q, B>,
  ): Promise<z.output<R>>;
  /** The same, of an endpoint that answers with a file of this media type. */
  file<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
    endpoint: Endpoint<P, Q, B, R>,
    input: ApiCall<P, Q, B> & { readonly accept: string },
  ): Promise<Buffer>;
}

const TIMEOUT_MS = 30_000;
/** Ten thousand vouchers as PDF. */
const FILE_TIMEOUT_MS = 120_000;

interface Sent {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
  readonly accept?: string;
  readonly timeoutMs: number;
}

/** `apiUrl` ends in `/api/v1`. */
export function createApiClient(apiUrl: string, token?: string): ApiClient {
  async function send(endpoint: Endpoint, { params, query, body, accept, timeoutMs }: Sent): Promise<Response> {
    const response = await fetch(apiUrl + pathOf(endpoint.path, params) + queryOf(query), {
      method: endpoint.method.toUpperCase(),
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(accept === undefined ? {} : { accept }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw await apiError(response);
    return response;
  }

  return {
    call: async (endpoint, input = {}) => {
      const response = await send(endpoint, { ...input, timeoutMs: TIMEOUT_MS });
      return endpoint.response.parse(response.status === 204 ? null : await response.json());
    },
    file: async (endpoint, input) => {
      const response = await send(endpoint, { ...input, timeoutMs: FILE_TIMEOUT_MS });
      return Buffer.from(await response.arrayBuffer());
    },
  };
}

function pathOf(template: string, params: unknown): string {
  const values = new Map(Object.entries(params ?? {}));
  return template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values.get(name))));
}

function queryOf(query: unknown): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) search.set(name, String(value));
  }
  return search.size === 0 ? '' : `?${search.toString()}`;
}

async function apiError(response: Response): Promise<ApiError> {
  const text = await response.text();
  try {
    const { code, detail, requestId, issues = [] } = problem.parse(JSON.parse(text));
    return new ApiError(response.status, code, detail, { requestId, issues });
  } catch {
    return new ApiError(response.status, 'unknown', `${response.status} ${text.slice(0, 200)}`);
  }
}
