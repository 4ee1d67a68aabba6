/** A worker process that takes a job and never finishes it, to be killed by a test. Arguments: Redis URL, key prefix. */
import { createRunner } from '@turnpike/queue/runner.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { openRedis } from '@turnpike/runtime/redis.js';
import { idleHandlers } from './idle-handlers.js';

const [url = '', prefix = ''] = process.argv.slice(2);
const logger = createLogger({ level: 'silent', role: 'test', instance: 'stuck' });
const runner = createRunner({
  connection: openRedis({ url, role: 'durable', use: 'blocking', logger }),
  prefix,
  logger,
  metrics: createMetrics({ role: 'test', instance: 'stuck', processMetrics: false }),
  queues: ['routers'],
  handlers: idleHandlers({
    'router.probe': ({ routerId }) => {
      process.send?.({ started: routerId });
      return new Promise(() => undefined);
    },
  }),
});
await runner.start();
process.send?.('ready');
// The test that started us may itself be gone.
process.on('disconnect', () => process.exit(0));
