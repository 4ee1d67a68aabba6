import { createSession } from 'better-sse';
import type { Request, Response } from 'express';
import type { Logger } from '../logger.js';
import type { EventSink } from './route.js';

interface EventStreamOptions {
  readonly request: Request;
  readonly response: Response;
  /** Asked every `recheckMs`: false ends the stream. */
  readonly stillAllowed: () => Promise<boolean>;
  readonly recheckMs: number;
  readonly stopping: AbortSignal | undefined;
  readonly logger: Logger;
}

/** Bytes that may wait for a slow reader before its stream is cut; it reconnects and reads the present state. */
const LARGEST_BACKLOG = 1_048_576;

/** Turns the request into a stream of events; resolves when the stream has ended. */
export async function openEventStream(
  options: EventStreamOptions,
  work: (sse: EventSink<unknown>, signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const { request, response } = options;
  const controller = new AbortController();
  const end = (): void => controller.abort();
  const session = await createSession(request, response, {
    keepAlive: 15_000,
    retry: 2_000,
    trustClientEventId: false,
  });
  const open = (): boolean => session.isConnected && !controller.signal.aborted;
  const sse: EventSink<unknown> = {
    push: (event, type = 'message', id = undefined) => {
      if (!open()) return;
      session.push(event, type, id ?? session.lastId);
      if (response.writableLength > LARGEST_BACKLOG) end();
    },
    mark: (id) => {
      // Without data nothing is dispatched, but the id is remembered (HTML Standard, 9.2.6).
      if (open()) response.write(`id:${id}\n\n`);
    },
    close: end,
  };
  const recheck = setInterval(() => void checkAgain(options, end), options.recheckMs);
  response.once('close', end);
  options.stopping?.addEventListener('abort', end, { once: true });
  const ended = new Promise<void>((resolve) => controller.signal.addEventListener('abort', () => resolve()));
  if (response.destroyed || options.stopping?.aborted === true) end();
  try {
    await work(sse, controller.signal);
    await ended;
  } finally {
    end();
    clearInterval(recheck);
    options.stopping?.removeEventListener('abort', end);
    response.end();
  }
}

/** A store that is away for a moment does not end streams: the token was good a second ago. */
async function checkAgain({ stillAllowed, logger }: EventStreamOptions, end: () => void): Promise<void> {
  try {
    if (!(await stillAllowed())) end();
  } catch (error) {
    logger.debug({ err: error }, 'token of a stream could not be checked');
  }
}
