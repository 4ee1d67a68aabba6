import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Redis } from '@turnpike/runtime/redis.js';
import { OwnPageAdapter } from './board-page.js';
import { queueNames } from './catalogue.js';
import { openQueue } from './producer.js';

/** Pages and JSON of the queue board, to be mounted below its base path. Who may see it is decided before it. */
export interface QueueBoard {
  readonly handle: (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;
  close(): Promise<void>;
}

export interface QueueBoardOptions {
  /** Opened with the use `commands`. */
  readonly connection: Redis;
  readonly prefix: string;
  /** Where it is mounted, without a slash at the end. */
  readonly basePath: string;
}

export function createQueueBoard({ connection, prefix, basePath }: QueueBoardOptions): QueueBoard {
  const queues = queueNames.map((name) => openQueue(name, connection, prefix));
  const adapter = new OwnPageAdapter().setBasePath(basePath);
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue)),
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'Turnpike queues', hideRedisDetails: true } },
  });
  const router: unknown = adapter.getRouter();
  if (!isHandler(router)) throw new Error('the queue board has no pages');
  return {
    handle: router,
    close: async () => {
      await Promise.all(queues.map((queue) => queue.close()));
    },
  };
}

/** The adapter does not say what it gives: an Express application, which is a function of these three. */
function isHandler(router: unknown): router is QueueBoard['handle'] {
  return typeof router === 'function';
}
