import { createLifecycle } from '@turnpike/runtime/lifecycle.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { startOpsServer } from '@turnpike/runtime/ops-server.js';
import { openTracing } from '@turnpike/runtime/tracing/open-tracing.js';
import { tracingSettings } from '@turnpike/runtime/tracing/tracing-environment.js';
import { readWorkerConfig } from './config.js';
import { createWorkerContext } from './context.js';

const role = 'worker';
const config = readWorkerConfig();
const instance = config.NODE_APP_INSTANCE;
const logger = createLogger({ level: config.LOG_LEVEL, role, instance });
const lifecycle = createLifecycle({ logger, forceAfterMs: 7_500 });
const metrics = createMetrics({ role, instance });
const tracing = await openTracing({ settings: tracingSettings(config), role, instance, metrics, logger });
// Added first, so stopped last.
lifecycle.add('traces', tracing.stop);

const context = createWorkerContext({ config, logger, metrics, tracing });
lifecycle.add('worker', context.stop);
await context.start();
const ops = await startOpsServer({ metrics, role, instance, logger, redis: context.redis, ready: context.ready });
lifecycle.add('ops server', ops.stop);
logger.info({ ops: ops.url }, 'jobs are taken');
lifecycle.ready();
