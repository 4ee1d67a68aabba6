import express, { type Request, type RequestHandler, type Router } from 'express';
import { AppError } from '@turnpike/core/app-error.js';
import type { QueuesService } from '@turnpike/features/operations/queues.service.js';
import type { QueueBoard } from '@turnpike/queue/board.js';
import { retryOnBoard } from '@turnpike/queue/board-writes.js';
import { mayActor, type Actor } from '@turnpike/runtime/http/actor.js';
import { credentialOf } from '@turnpike/runtime/http/credential.js';
import { requestIdOf } from '@turnpike/runtime/http/request-id.js';
import { boardPolicy } from './security-headers.js';

interface Deps {
  /** Made when somebody asks for it first: it brings libraries of some megabytes, and most processes never show it. */
  readonly openBoard: () => Promise<QueueBoard>;
  readonly queues: Pick<QueuesService, 'noteBoardRetry'>;
  readonly authenticate: (token: string) => Promise<Actor | undefined>;
}

/** Where the board is mounted. */
export const QUEUE_BOARD_PATH = '/admin/queues';

/**
 * The queue board, for those who may read operations: signed in to the console (by its cookie) or with a bearer token. It
 * reads, and tries failed jobs again for those who may write; everything else it offers is refused.
 */
export function queueBoard({ openBoard, queues, authenticate }: Deps): Router {
  const router = express.Router();
  router.use(boardPolicy());
  router.use(async (request, response, next) => {
    const actor = await actorOf(request, authenticate);
    response.setHeader('Cache-Control', 'no-store');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const retry = allowedRetry(request, actor);
      const context = { actor: actor.id, requestId: requestIdOf(request, response) };
      await queues.noteBoardRetry(retry.queue, retry.jobId, context);
    }
    next();
  });
  const handle: RequestHandler = async (request, response, next) => {
    const board = await openBoard();
    board.handle(request, response, next);
  };
  return router.use(handle);
}

async function actorOf(request: Request, authenticate: Deps['authenticate']): Promise<Actor> {
  const credential = credentialOf(request);
  const actor = credential === undefined ? undefined : await authenticate(credential.token);
  if (actor === undefined) {
    throw new AppError('unauthenticated', 'Sign in to the console (/console/) first, then open this page again.');
  }
  if (!mayActor(actor, 'operations:read') || actor.sites !== null) {
    throw new AppError('forbidden', 'The queues are for those who may read operations of the whole network.');
  }
  return actor;
}

/**
 * The board's pages cannot send the console's header. Its writes are PUTs, which a page of another site could only send
 * after asking (CORS), and nobody is answered yes; what browsers say of the origin is looked at all the same.
 */
function allowedRetry(request: Request, actor: Actor): { queue: string; jobId: string | undefined } {
  const from = request.get('sec-fetch-site');
  const retry = retryOnBoard(request.method, request.path);
  if (retry === undefined) {
    throw new AppError('forbidden', 'Nothing was changed: this board only shows jobs and tries failed ones again.');
  }
  if (from !== undefined && from !== 'same-origin') {
    throw new AppError('forbidden', 'Nothing was changed: this came from another site.');
  }
  if (!mayActor(actor, 'operations:write')) {
    throw new AppError('forbidden', 'Nothing was changed: this needs the permission operations:write.');
  }
  return retry;
}
