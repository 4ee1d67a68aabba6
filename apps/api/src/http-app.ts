import compression from 'compression';
import express, { type Express, type Router } from 'express';
import type { Secret } from '@turnpike/core/secret.js';
import { createErrorHandler, sendProblem } from '@turnpike/runtime/http/error-handler.js';
import { problem } from '@turnpike/runtime/http/problem.js';
import { requestIdOf } from '@turnpike/runtime/http/request-id.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { OpsTarget } from '@turnpike/runtime/ops-server.js';
import { apiDocs } from './api-docs.js';
import { consolePages } from './console-pages.js';
import { landingPage } from './landing-page.js';
import { QUEUE_BOARD_PATH } from './queue-board.js';
import { metricsRoutes } from './metrics-routes.js';
import { securityHeaders } from './security-headers.js';

export interface HttpAppDeps {
  /** Everything below /api/v1. */
  readonly api: Router;
  /** The OpenAPI document, as it is sent. */
  readonly openApi: unknown;
  /** The captive portal's pages, and RFC 8908's answer. */
  readonly portal: { readonly pages: Router; readonly captive: Router };
  /** What the console's build made. */
  readonly consoleDirectory: string;
  /** See queue-board.ts. */
  readonly queueBoard: Router;
  readonly listTargets: () => Promise<OpsTarget[]>;
  readonly metricsToken: Secret | undefined;
  readonly publicUrl: string;
  readonly trustProxy: readonly string[];
  readonly logger: Logger;
  readonly isUnavailable: (error: unknown) => boolean;
}

export function createHttpApp(deps: HttpAppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', [...deps.trustProxy]);
  app.set('query parser', 'simple');
  app.use(securityHeaders({ overHttps: deps.publicUrl.startsWith('https:') }));
  app.use(compression({ filter: isWorthCompressing, ...SMALL_WINDOWS }));
  app.use(landingPage());
  app.use('/metrics', metricsRoutes({ listTargets: deps.listTargets, token: deps.metricsToken }));
  app.use('/api/docs', apiDocs());
  const openApi = JSON.stringify(deps.openApi);
  app.get('/api/v1/openapi.json', (_request, response) => void response.type('json').send(openApi));
  app.use('/api/v1', deps.api);
  app.use(QUEUE_BOARD_PATH, deps.queueBoard);
  app.use('/console', consolePages(deps.consoleDirectory));
  app.use('/portal', deps.portal.pages);
  app.use('/captive-portal/api', deps.portal.captive);
  app.use((request, response) => {
    sendProblem(response, problem(404, 'not_found', 'There is nothing at this path.', requestIdOf(request, response)));
  });
  app.use(createErrorHandler(deps));
  return app;
}

/** Answers are some kilobytes, and hundreds may be under way: 64 KiB for each rather than zlib's usual 256. */
const SMALL_WINDOWS = { windowBits: 13, memLevel: 6 } as const;

/** A compressor keeps events back until it has enough to compress. */
function isWorthCompressing(request: express.Request, response: express.Response): boolean {
  const type = String(response.getHeader('Content-Type') ?? '');
  return !type.startsWith('text/event-stream') && compression.filter(request, response);
}
