import { problem } from '@turnpike/contracts/common.js';
import type { Endpoint } from '@turnpike/contracts/endpoint.js';
import type { z } from 'zod';

/** An answer other than success, in the API's own words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.status = status;
    this.code = code;
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
}

const TIMEOUT_MS = 30_000;

/** `apiUrl` ends in `/api/v1`. */
export function createApiClient(apiUrl: string, token?: string): ApiClient {
  return {
    call: async (endpoint, input = {}) => {
      const response = await fetch(apiUrl + pathOf(endpoint.path, input.params) + queryOf(input.query), {
        method: endpoint.method.toUpperCase(),
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (!response.ok) throw await apiError(response);
      return endpoint.response.parse(response.status === 204 ? null : await response.json());
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
    const { code, detail } = problem.parse(JSON.parse(text));
    return new ApiError(response.status, code, detail);
  } catch {
    return new ApiError(response.status, 'unknown', `${response.status} ${text.slice(0, 200)}`);
  }
}
