import * as auth from '@turnpike/contracts/auth.js';
import * as events from '@turnpike/contracts/events.js';
import * as routers from '@turnpike/contracts/routers.js';
import * as sessions from '@turnpike/contracts/sessions.js';
import { buildOpenApi } from './openapi.js';

describe('the OpenAPI document', () => {
  const document = buildOpenApi(
    [auth.login, auth.logout, routers.createRouter, routers.updateRouter, sessions.listSessions, events.streamEvents],
    { version: '1.2.3', serverUrl: '/api/v1' },
  );

  test('is version 3.1 with server, security and tags', () => {
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { version: '1.2.3' },
      servers: [{ url: '/api/v1' }],
      tags: [{ name: 'live' }, { name: 'operators' }, { name: 'routers' }, { name: 'sessions' }],
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    });
  });

  test('describes query parameters with their limits and none that is required by mistake', () => {
    expect(document).toMatchObject({
      paths: {
        '/sessions': {
          get: {
            description:
              'Needs the permission `sessions:read`. Who is limited to sites finds only what belongs to them.',
            security: [{ bearer: [] }, { cookie: [] }],
            parameters: expect.arrayContaining([
              {
                name: 'limit',
                in: 'query',
                required: false,
                schema: expect.objectContaining({ type: 'integer', maximum: 200, default: 50 }),
              },
            ]),
          },
        },
      },
    });
  });

  test('keeps both methods of a path, bodies refuse unknown fields, 64-bit counters are strings', () => {
    expect(document).toMatchObject({
      paths: {
        '/routers': {
          post: { requestBody: { content: { 'application/json': { schema: { additionalProperties: false } } } } },
        },
        '/routers/{id}': {
          patch: {
            operationId: 'patchRoutersById',
            parameters: expect.arrayContaining([
              expect.objectContaining({ name: 'id', in: 'path', required: true }),
              expect.objectContaining({ name: 'Idempotency-Key', in: 'header' }),
            ]),
          },
        },
        '/auth/login': { post: { security: [], description: 'For everybody.' } },
        '/auth/logout': { post: { responses: { 204: { description: 'Done; no content.' } } } },
        '/events': { get: { responses: { 200: { content: { 'text/event-stream': {} } } } } },
      },
    });
    expect(JSON.stringify(document)).toContain('"inputOctets":{"type":"string"');
  });

  test('names problem+json for every error', () => {
    expect(document).toMatchObject({
      paths: {
        '/routers/{id}': {
          patch: {
            responses: {
              404: { content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
            },
          },
        },
      },
    });
  });
});
