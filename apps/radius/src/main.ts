import { createLifecycle } from '@turnpike/runtime/lifecycle.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { startOpsServer } from '@turnpike/runtime/ops-server.js';
import { openTracing } from '@turnpike/runtime/tracing/open-tracing.js';
import { tracingSettings } from '@turnpike/runtime/tracing/tracing-environment.js';
import { readRadiusConfig } from './config.js';
import { createRadiusContext } from './context.js';

const config = readRadiusConfig();
const role = config.RADIUS_ROLES.length === 1 ? `radius-${config.RADIUS_ROLES[0]}` : 'radius';
const instance = config.NODE_APP_INSTANCE;
const logger = createLogger({ level: config.LOG_LEVEL, role, instance });
const lifecycle = createLifecycle({ logger, forceAfterMs: 8_000 });
const metrics = createMetrics({ role, instance });
const tracing = await openTracing({ settings: tracingSettings(config), role, instance, metrics, logger });
// Added first, so stopped last.
lifecycle.add('traces', tracing.stop);

const context = createRadiusContext({ config, logger, metrics, tracing });
lifecycle.add('radius', context.stop);
const ports = await context.start();
const ops = await startOpsServer({ metrics, role, instance, logger, redis: context.redis, ready: context.ready });
lifecycle.add('ops server', ops.stop);
logger.info({ ...ports, ops: ops.url }, 'RADIUS is served');
lifecycle.ready();
