import { z } from 'zod';
import type { Permission } from './permissions.js';

export type HttpMethod = 'get' | 'post' | 'patch' | 'delete';

/** What an endpoint without a path parameter, query or body takes: nothing. */
export const nothing = z.strictObject({});
export type Nothing = typeof nothing;

/**
 * One HTTP operation: the same schemas validate the request, type the handler and the client, and make the OpenAPI file.
 * `path` is relative to `/api/v1`, with parameters as `{id}`.
 */
export interface Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  readonly method: HttpMethod;
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  /** Who may call it: a permission of the table in permissions.ts, any signed-in actor, or everybody. */
  readonly allow: Permission | 'signed-in' | 'public';
  /**
   * What becomes of somebody who is limited to sites. `global`: refused, unless everybody who is signed in may call it (then it
   * is about the caller). `site`: let in, and sees, finds and changes only what belongs to those sites.
   */
  readonly scope: 'site' | 'global';
  /** What the path's `{id}` names, so that one of another site is 404 before the handler is asked; of `site` endpoints. */
  readonly siteOf: SiteSubject | undefined;
  /** A session has to have given its password or a code in the last minutes (`POST /auth/step-up`); API tokens are not asked. */
  readonly stepUp: boolean;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Status of success. */
  readonly status: number;
  /** `null` schema for an answer without a body. */
  readonly response: Response;
  /** True: the answer is a stream of server-sent events rather than JSON. */
  readonly stream: boolean;
  /** True: the body may be anything; it is handed over undecoded as `{ raw: text }`. */
  readonly rawBody: boolean;
  /** Longest body in bytes; undefined: what the server takes of every endpoint. */
  readonly bodyLimitBytes: number | undefined;
  /** Media types that the answer is given in besides JSON, to who asks for one. */
  readonly files: readonly string[];
}

/** Things that stand at one site. */
export const siteSubjects = ['router', 'run', 'session', 'session-command', 'package', 'alert'] as const;
export type SiteSubject = (typeof siteSubjects)[number];

interface EndpointInput<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> {
  method: HttpMethod;
  path: string;
  tag: string;
  summary: string;
  allow: Permission | 'signed-in' | 'public';
  scope?: 'site' | 'global';
  siteOf?: SiteSubject;
  stepUp?: boolean;
  params?: P;
  query?: Q;
  body?: B;
  status?: number;
  response: R;
  stream?: boolean;
  rawBody?: boolean;
  bodyLimitBytes?: number;
  files?: readonly string[];
}

export function endpoint<
  R extends z.ZodType,
  P extends z.ZodType = Nothing,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType = Nothing,
>(input: EndpointInput<P, Q, B, R>): Endpoint<P, Q, B, R> {
  const absent = nothing as z.ZodType;
  return {
    method: input.method,
    path: input.path,
    tag: input.tag,
    summary: input.summary,
    allow: input.allow,
    scope: input.scope ?? 'global',
    siteOf: input.siteOf,
    stepUp: input.stepUp ?? false,
    params: input.params ?? (absent as P),
    query: input.query ?? (absent as Q),
    body: input.body ?? (absent as B),
    status: input.status ?? 200,
    response: input.response,
    stream: input.stream ?? false,
    files: input.files ?? [],
    rawBody: input.rawBody ?? false,
    bodyLimitBytes: input.bodyLimitBytes,
  };
}
