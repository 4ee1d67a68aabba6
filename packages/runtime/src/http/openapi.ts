import { z } from 'zod';
import { problem } from '@turnpike/contracts/common.js';
import type { Endpoint } from '@turnpike/contracts/endpoint.js';
import { CONSOLE_HEADER } from './credential.js';
import { PROBLEM_CONTENT_TYPE } from './problem.js';
import { SESSION_COOKIE } from './session-cookie.js';

export interface OpenApiOptions {
  readonly version: string;
  /** For example `/api/v1`. */
  readonly serverUrl: string;
}

type Json = Record<string, unknown>;

/** OpenAPI 3.1 (its schemas are JSON Schema 2020-12) from the same zod schemas that check the requests. */
export function buildOpenApi(endpoints: readonly Endpoint[], { version, serverUrl }: OpenApiOptions): Json {
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method]: operationOf(endpoint) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Turnpike API',
      version,
      description:
        'Times are ISO 8601 in UTC, money is in minor units, 64-bit counters are strings of decimal digits. ' +
        'Errors are RFC 9457 problems whose `code` says what happened.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: serverUrl }],
    tags: [...new Set(endpoints.map(({ tag }) => tag))].sort().map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: SESSION_COOKIE,
          description: `Of a login with \`as: cookie\`. Requests that write need the header ${CONSOLE_HEADER}: 1 as well.`,
        },
      },
      schemas: { Problem: schemaOf(problem, 'output') },
    },
  };
}

function operationOf(endpoint: Endpoint): Json {
  const { method, path, tag, summary, allow, status } = endpoint;
  const body = method === 'get' ? undefined : bodyOf(endpoint);
  return {
    operationId: operationId(method, path),
    tags: [tag],
    summary,
    description: rulesText(endpoint),
    security: allow === 'public' ? [] : [{ bearer: [] }, { cookie: [] }],
    parameters: [
      ...parametersOf(endpoint.params, 'path'),
      ...parametersOf(endpoint.query, 'query'),
      ...(method === 'get' || allow === 'public' ? [] : [IDEMPOTENCY_KEY]),
    ],
    ...(body === undefined ? {} : { requestBody: body }),
    responses: { [String(status)]: successOf(endpoint), ...problemsOf(endpoint) },
  };
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'A repeat with the same key and content within 24 hours gets the first answer again.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

function rulesText({ allow, scope, stepUp }: Endpoint): string {
  const sites =
    scope === 'site'
      ? 'Who is limited to sites finds only what belongs to them.'
      : 'Not for who is limited to sites (403 `outside_scope`).';
  const again = 'A session has to step up first (`POST /auth/step-up`; 403 `step_up_required`); API tokens have not.';
  const open = allow === 'public' || allow === 'signed-in';
  return [allowText(allow), ...(open ? [] : [sites]), ...(stepUp ? [again] : [])].join(' ');
}

function allowText(allow: Endpoint['allow']): string {
  if (allow === 'public') return 'For everybody.';
  if (allow === 'signed-in') return 'For everybody who is signed in.';
  return `Needs the permission \`${allow}\`.`;
}

/** `post /routers/{id}/reset-provisioning` -> `postRoutersByIdResetProvisioning`. */
function operationId(method: string, path: string): string {
  const words = path.replaceAll(/\{(\w+)\}/g, 'by-$1').split(/[/-]/);
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function parametersOf(schema: z.ZodType, place: 'path' | 'query'): Json[] {
  const object = schemaOf(schema, 'input');
  const required = z.array(z.string()).catch([]).parse(object['required']);
  const properties = z.record(z.string(), z.unknown()).catch({}).parse(object['properties']);
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

function bodyOf(endpoint: Endpoint): Json | undefined {
  const schema = schemaOf(endpoint.body, 'input');
  const properties = z.record(z.string(), z.unknown()).catch({}).parse(schema['properties']);
  if (schema['type'] === 'object' && Object.keys(properties).length === 0) return undefined;
  const required = Array.isArray(schema['required']) && schema['required'].length > 0;
  return { required, content: { 'application/json': { schema } } };
}

function successOf(endpoint: Endpoint): Json {
  if (endpoint.status === 204) return { description: 'Done; no content.' };
  const type = endpoint.stream ? 'text/event-stream' : 'application/json';
  const content: Json = { [type]: { schema: schemaOf(endpoint.response, 'output') } };
  for (const file of endpoint.files) content[file] = { schema: { type: 'string', contentMediaType: file } };
  return { description: 'Success.', content };
}

function problemsOf(endpoint: Endpoint): Json {
  const reads = endpoint.method === 'get';
  const descriptions: [number, string, boolean][] = [
    [400, 'The request is not valid; `issues` names the fields.', true],
    [401, 'No valid token.', endpoint.allow !== 'public' || endpoint.path.startsWith('/auth')],
    [403, 'The permission is missing, or the rules above refuse it.', needsMore(endpoint)],
    [404, 'There is no such thing.', endpoint.path.includes('{')],
    [409, 'It does not fit the present state.', !reads],
    [413, 'The body is larger than 64 KB.', !reads],
    [415, 'The body is not application/json.', !reads],
    [422, 'The Idempotency-Key was used for another request.', !reads && endpoint.allow !== 'public'],
    [429, 'Too many requests; see Retry-After.', endpoint.allow === 'public'],
    [503, 'A store is away; see Retry-After.', true],
  ];
  const content = { [PROBLEM_CONTENT_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(
    descriptions.filter(([, , applies]) => applies).map(([status, description]) => [status, { description, content }]),
  );
}

function needsMore({ allow, stepUp }: Endpoint): boolean {
  return stepUp || (allow !== 'public' && allow !== 'signed-in');
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' });
  return rest;
}
