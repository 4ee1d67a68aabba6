import { z } from 'zod';
import { endpoint } from '@turnpike/contracts/endpoint.js';
import { ApiProblem } from './api-problem.js';
import { call, urlOf } from './call.js';

const rename = endpoint({
  method: 'post',
  path: '/things/{id}/rename',
  tag: 'things',
  summary: '',
  allow: 'public',
  params: z.strictObject({ id: z.string() }),
  query: z.strictObject({ q: z.string().optional(), limit: z.number().optional(), dry: z.boolean().optional() }),
  body: z.strictObject({ name: z.string() }),
  response: z.object({ name: z.string() }),
});

const realFetch = globalThis.fetch;
const asked: { url: string; init: RequestInit | undefined }[] = [];

function answerWith(answer: () => Promise<Response>): void {
  globalThis.fetch = (url, init) => {
    asked.push({ url: String(url), init });
    return answer();
  };
}

afterEach(() => {
  globalThis.fetch = realFetch;
  asked.length = 0;
});

describe('calling the API', () => {
  test('writes path and query so that nothing in them is taken for something else', () => {
    expect(urlOf(rename, { params: { id: 'a/b?c' }, query: { q: 'x & y', limit: 5, dry: true } })).toBe(
      '/api/v1/things/a%2Fb%3Fc/rename?q=x+%26+y&limit=5&dry=true',
    );
    expect(urlOf(rename, { params: { id: '1' }, query: { q: '', limit: undefined } })).toBe('/api/v1/things/1/rename');
  });

  test('sends the header that no other site can send, the key, and reads the answer by its contract', async () => {
    answerWith(async () => Response.json({ name: 'new', more: 1 }));
    const input = { params: { id: '1' }, body: { name: 'new' } };
    expect(await call(rename, input, { idempotencyKey: 'k' })).toEqual({ name: 'new' });
    const headers = new Headers(asked[0]?.init?.headers);
    expect(headers.get('x-turnpike-console')).toBe('1');
    expect(headers.get('idempotency-key')).toBe('k');
    expect(asked[0]?.init?.body).toBe('{"name":"new"}');
  });

  test('rejects with what the API says of it, field by field', async () => {
    const said = {
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      code: 'invalid_request',
      detail: 'name must not be empty',
      requestId: 'r-1',
      issues: [{ path: 'body.name', message: 'must not be empty' }],
    };
    answerWith(async () => Response.json(said, { status: 400 }));
    const problem = await call(rename, { params: { id: '1' }, body: { name: '' } }).catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(ApiProblem);
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request', requestId: 'r-1', issues: said.issues });
  });

  test('says that the server cannot be reached, and what a proxy in between answered', async () => {
    answerWith(() => Promise.reject(new TypeError('fetch failed')));
    await expect(call(rename, { params: { id: '1' } })).rejects.toMatchObject({ code: 'offline', status: 0 });
    answerWith(async () => new Response('<html>', { status: 502, statusText: 'Bad Gateway' }));
    await expect(call(rename, { params: { id: '1' } })).rejects.toMatchObject({ code: 'not_understood', status: 502 });
  });
});
