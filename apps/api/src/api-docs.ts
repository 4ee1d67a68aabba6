import { createRequire } from 'node:module';
import path from 'node:path';
import express, { type Router } from 'express';
import { docsPolicy } from './security-headers.js';

const OPENAPI_PATH = '/api/v1/openapi.json';

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Turnpike API</title>
    <link rel="stylesheet" href="/api/docs/swagger-ui.css">
    <link rel="icon" type="image/png" href="/api/docs/favicon-32x32.png">
  </head>
  <body>
    <div id="docs"></div>
    <noscript>This page needs JavaScript. The description itself is at <a href="${OPENAPI_PATH}">${OPENAPI_PATH}</a>.</noscript>
    <script src="/api/docs/swagger-ui-bundle.js"></script>
    <script src="/api/docs/start.js"></script>
  </body>
</html>
`;

/** `validatorUrl: null`: otherwise the description's address is sent to a server on the internet. */
const startScript = `window.SwaggerUIBundle({
  url: '${OPENAPI_PATH}',
  dom_id: '#docs',
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: 'list',
  filter: true,
  validatorUrl: null,
});
`;

const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'] as const;

/** Pages for people at `/api/docs`, all of it from this server. */
export function apiDocs(): Router {
  const folder = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const router = express.Router();
  router.use(docsPolicy());
  router.get('/', (_request, response) => void response.type('html').send(page));
  router.get('/start.js', (_request, response) => void response.type('js').send(startScript));
  for (const asset of ASSETS) {
    router.get(`/${asset}`, (_request, response) => response.sendFile(asset, { root: folder, maxAge: '1 day' }));
  }
  return router;
}
