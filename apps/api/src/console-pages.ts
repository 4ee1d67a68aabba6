import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import express, { type RequestHandler, type Response, type Router } from 'express';
import { sendProblem } from '@turnpike/runtime/http/error-handler.js';
import { problem } from '@turnpike/runtime/http/problem.js';
import { requestIdOf } from '@turnpike/runtime/http/request-id.js';
import { consolePolicy } from './security-headers.js';

const NONCE = '__CSP_NONCE__';
const NONCE_BYTES = 18;
/** Names of files below assets/ hold a hash of their contents. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/**
 * The operator's console: one page for all of its addresses, and its files. `directory` is what the build made of it; without
 * a build the rest of the API works and the console says what is missing.
 */
export function consolePages(directory: string): Router {
  const router = express.Router();
  const page = readPage(directory);
  router.use(
    '/assets',
    express.static(path.join(directory, 'assets'), {
      index: false,
      setHeaders: (response) => keep(response, FOR_EVER),
    }),
    nothingHere,
  );
  router.get('/color-scheme.js', (_request, response) => {
    keep(response, 'public, max-age=3600');
    response.sendFile(path.join(directory, 'color-scheme.js'));
  });
  router.get('/{*page}', (request, response, next) => {
    if (page === undefined) {
      const text = 'The console is not built: run `npm run build` where the server is installed.';
      sendProblem(response, problem(503, 'unavailable', text, requestIdOf(request, response)));
      return;
    }
    const nonce = randomBytes(NONCE_BYTES).toString('base64');
    consolePolicy(nonce)(request, response, (error) => {
      if (error !== undefined) return next(error);
      keep(response, 'no-store');
      response.type('html').send(page.replaceAll(NONCE, nonce));
    });
  });
  return router;
}

const nothingHere: RequestHandler = (request, response) =>
  sendProblem(response, problem(404, 'not_found', 'There is nothing at this path.', requestIdOf(request, response)));

function keep(response: Response, how: string): void {
  response.setHeader('Cache-Control', how);
}

function readPage(directory: string): string | undefined {
  try {
    return readFileSync(path.join(directory, 'index.html'), 'utf8');
  } catch {
    return undefined;
  }
}
