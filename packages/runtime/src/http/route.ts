import { AppError } from '@turnpike/core/app-error.js';
import type { Endpoint } from '@turnpike/contracts/endpoint.js';
import type { z } from 'zod';
import type { Actor, Rights } from './actor.js';
import type { FileAnswer } from './file-answer.js';
import type { KeepRule } from './kept-answers.js';
import { parseRequest, type RawRequest } from './parse-request.js';
import type { SessionCookie } from './session-cookie.js';

/** What every handler gets; `params`, `query` and `body` are what the endpoint's schemas made of the request. */
export interface PublicRequest<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly params: z.output<P>;
  readonly query: z.output<Q>;
  readonly body: z.output<B>;
  readonly requestId: string;
  /** Aborts when the caller goes away, the request takes too long, or the process stops. */
  readonly signal: AbortSignal;
  /** Address of the socket's other end; never taken from a header. */
  readonly ip: string;
  /** What the caller says of itself, cut to 200 characters; not to be believed. */
  readonly userAgent: string;
  /** The Accept-Language header, cut to 200 characters. */
  readonly acceptLanguage: string | undefined;
  readonly cookie: SessionCookie;
}

export interface ActorRequest<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> extends PublicRequest<
  P,
  Q,
  B
> {
  readonly actor: Actor;
  /**
   * The Idempotency-Key it came with. Repeated requests get the kept answer without asking the handler; this is for work that
   * must not happen twice even when that answer was lost with its process.
   */
  readonly idempotencyKey?: string | undefined;
}

/** One open stream of server-sent events. */
export interface EventSink<Event> {
  /**
   * Sends one event; does nothing once the caller has gone. `type` is the event's name, `message` when left out; `id` is what
   * the caller comes back with as `lastEventId`.
   */
  push(event: Event, type?: string, id?: string): void;
  /** Tells how far the caller has come without an event: who sees few of them does not fall behind. */
  mark(id: string): void;
  close(): void;
}

export interface StreamRequest<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  R extends z.ZodType,
> extends ActorRequest<P, Q, B> {
  readonly sse: EventSink<z.input<R>>;
  /** The Last-Event-ID header: where the caller's stream was cut. */
  readonly lastEventId: string | undefined;
}

/** An answer without a body (`z.null()`) may be returned as nothing at all. */
export type RouteResult<R extends z.ZodType> = z.input<R> extends null ? z.input<R> | void : z.input<R>;

export interface CallContext {
  readonly actor: Actor | undefined;
  readonly requestId: string;
  readonly signal: AbortSignal;
  readonly ip: string;
  readonly userAgent: string;
  readonly acceptLanguage: string | undefined;
  readonly cookie: SessionCookie;
  readonly idempotencyKey?: string | undefined;
}

interface PreparedCall<Context> {
  /** The validated input, for comparing repeated requests. */
  readonly input: unknown;
  run(context: Context): Promise<unknown>;
  /** Whether and how long the answer may be given again to others with the same rights. */
  keep?(rights: Rights): KeepRule | undefined;
  /** The answer as a file, when this request asks for one; `body` is what `run` gave, maybe to an earlier request. */
  present?(body: unknown, asked: FileRequest): Promise<FileAnswer | undefined>;
}

export interface FileRequest {
  /** The Accept header. */
  readonly accept: string;
  readonly signal: AbortSignal;
}

/**
 * Makes a file of an answer for those who ask for one; undefined: JSON it is. Called after the work is done and its answer
 * kept for the Idempotency-Key: who lost the file repeats the request with its key and gets it again.
 */
export type Present<B extends z.ZodType, R extends z.ZodType> = (
  answer: z.output<R>,
  asked: FileRequest & { readonly body: z.output<B> },
) => Promise<FileAnswer | undefined>;

export interface StreamContext extends CallContext {
  readonly sse: EventSink<unknown>;
  readonly lastEventId: string | undefined;
}

/** An endpoint with its work; made by `route`, `publicRoute` and `streamRoute`, served by `createApiRouter`. */
export type RouteBinding =
  | { readonly kind: 'json'; readonly endpoint: Endpoint; prepare(raw: RawRequest): PreparedCall<CallContext> }
  | { readonly kind: 'stream'; readonly endpoint: Endpoint; prepare(raw: RawRequest): PreparedCall<StreamContext> };

/** For endpoints that need a signed-in actor. */
export function route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, R>,
  handle: (request: ActorRequest<P, Q, B>) => Promise<RouteResult<R>>,
  present?: Present<B, R>,
): RouteBinding {
  requireThat(endpoint, endpoint.allow !== 'public', 'is public: bind it with publicRoute');
  requireThat(endpoint, !endpoint.stream, 'is a stream: bind it with streamRoute');
  requireThat(endpoint, endpoint.files.length === 0 || present !== undefined, 'answers files: give `present` too');
  return {
    kind: 'json',
    endpoint,
    prepare: (raw) => {
      const input = parseRequest(endpoint, raw);
      return {
        input,
        run: async (context) => handle({ ...input, ...context, actor: signedIn(context) }),
        ...(present === undefined
          ? {}
          : {
              present: (body: unknown, asked: FileRequest) =>
                present(endpoint.response.parse(body), { ...asked, body: input.body }),
            }),
      };
    },
  };
}

/** All that an answer may depend on that is given again to others. */
export interface KeptRequest<P extends z.ZodType, Q extends z.ZodType> {
  readonly params: z.output<P>;
  readonly query: z.output<Q>;
  readonly rights: Rights;
  readonly signal: AbortSignal;
}

/** For reads whose answer is the same for all who have the same rights; `keep` gives undefined where it is not worth it. */
export function keptRoute<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, R>,
  keep: (asked: Omit<KeptRequest<P, Q>, 'signal'>) => KeepRule | undefined,
  handle: (request: KeptRequest<P, Q>) => Promise<RouteResult<R>>,
): RouteBinding {
  const plain =
    endpoint.method === 'get' && endpoint.allow !== 'public' && !endpoint.stream && endpoint.files.length === 0;
  requireThat(endpoint, plain, 'is no plain read of who is signed in: its answer cannot be kept');
  return {
    kind: 'json',
    endpoint,
    prepare: (raw) => {
      const input = parseRequest(endpoint, raw);
      const { params, query } = input;
      return {
        input,
        keep: (rights) => keep({ params, query, rights }),
        run: async (context) => handle({ params, query, rights: signedIn(context), signal: context.signal }),
      };
    },
  };
}

/** For endpoints with `allow: 'public'`; neither the Authorization header nor the cookie is looked at. */
export function publicRoute<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, R>,
  handle: (request: PublicRequest<P, Q, B>) => Promise<RouteResult<R>>,
): RouteBinding {
  requireThat(endpoint, endpoint.allow === 'public', 'is not public: bind it with route');
  requireThat(endpoint, !endpoint.stream, 'is a stream: bind it with streamRoute');
  return {
    kind: 'json',
    endpoint,
    prepare: (raw) => {
      const input = parseRequest(endpoint, raw);
      const run = async ({ actor: _nobody, idempotencyKey: _none, ...context }: CallContext) =>
        handle({ ...input, ...context });
      return { input, run };
    },
  };
}

/**
 * For endpoints with `stream: true`. The handler subscribes and may return at once; the stream lasts until the caller
 * leaves, `sse.close()` is called, the token is revoked or the process stops: `signal` aborts then, so unsubscribe on it.
 */
export function streamRoute<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, R>,
  handle: (request: StreamRequest<P, Q, B, R>) => Promise<void>,
): RouteBinding {
  requireThat(endpoint, endpoint.allow !== 'public', 'is public: streams are for signed-in actors');
  requireThat(endpoint, endpoint.stream, 'is not a stream: bind it with route');
  return {
    kind: 'stream',
    endpoint,
    prepare: (raw) => {
      const input = parseRequest(endpoint, raw);
      return { input, run: async (context) => handle({ ...input, ...context, actor: signedIn(context) }) };
    },
  };
}

function signedIn(context: CallContext): Actor {
  if (context.actor === undefined) throw new AppError('unauthenticated', 'Sign in first.');
  return context.actor;
}

function requireThat(endpoint: Endpoint, fine: boolean, complaint: string): void {
  if (!fine) throw new Error(`${endpoint.method.toUpperCase()} ${endpoint.path} ${complaint}`);
}
