import { once } from 'node:events';
import { connect } from 'node:net';
import { request } from 'node:http';
import express from 'express';
import { Secret } from '@turnpike/core/secret.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createHttpApp } from './http-app.js';
import { startHttpServer, type HttpServer, type HttpServerOptions } from './http-server.js';

const METRICS_TOKEN = 'a token for prometheus';
const opened: HttpServer[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.stop(() => undefined)));
});

/** Our whole app around an API that has a large answer, a stream and a slow answer. */
async function start({
  consoleDirectory = '/nowhere',
  ...options
}: Partial<HttpServerOptions> & { consoleDirectory?: string } = {}) {
  const streams = new Set<() => void>();
  const release: (() => void)[] = [];
  const api = express.Router();
  api.get('/large', (_request, response) => void response.json({ text: 'x'.repeat(10_000) }));
  api.get('/stream', (_request, response) => {
    response.setHeader('Content-Type', 'text/event-stream');
    response.write('data: hello\n\n');
    streams.add(() => response.end());
  });
  api.get('/slow', (_request, response) => void release.push(() => response.json({ done: true })));
  const app = createHttpApp({
    api,
    openApi: { openapi: '3.1.0' },
    portal: { pages: express.Router(), captive: express.Router() },
    consoleDirectory,
    queueBoard: express.Router(),
    listTargets: async () => [],
    metricsToken: new Secret(METRICS_TOKEN),
    publicUrl: 'http://127.0.0.1',
    trustProxy: [],
    logger: createLogger({ level: 'silent', role: 'test', instance: '0' }),
    isUnavailable: () => false,
  });
  const server = await startHttpServer(app, { host: '127.0.0.1', port: 0, lameMs: 0, drainMs: 500, ...options });
  opened.push(server);
  const endStreams = () => streams.forEach((end) => end());
  return { server, url: `http://127.0.0.1:${server.port}`, release, endStreams };
}

describe('pages', () => {
  test('the first page says what this is, and every address on it is one of ours that answers', async () => {
    const { url } = await start();
    const response = await fetch(url);
    const html = await response.text();
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(html).toContain('<h1>Turnpike</h1>');
    const addresses = addressesIn(html);
    expect(addresses).toContain('/api/docs');
    expect(addresses).toContain('/console/');
    for (const address of addresses.filter((each) => !/health|console/.test(each))) {
      expect(address).toMatch(/^\//);
      expect((await fetch(url + address)).status).toBe(200);
    }
  });

  test('the documentation loads nothing from other servers and has no inline script', async () => {
    const { url } = await start();
    const response = await fetch(`${url}/api/docs`);
    const html = await response.text();
    expect(html).toContain('<title>Turnpike API</title>');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/script-src 'self'(;|$)/);
    expect(policy).toMatch(/style-src 'self' 'unsafe-inline'/);
    expect(policy).not.toMatch(/https?:|\*/);
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
    const addresses = addressesIn(html);
    expect(addresses).toEqual(expect.arrayContaining(['/api/docs/swagger-ui-bundle.js', '/api/docs/start.js']));
    for (const address of addresses) {
      expect(address).toMatch(/^\//);
      const asset = await fetch(url + address);
      await asset.arrayBuffer();
      expect([address, asset.status]).toEqual([address, 200]);
    }
    expect(await (await fetch(`${url}/api/docs/start.js`)).text()).toContain('validatorUrl: null');
  });

  test('other files of the documentation package are not served', async () => {
    const { url } = await start();
    for (const file of ['package.json', 'swagger-initializer.js', 'oauth2-redirect.html', '..%2fpackage.json']) {
      expect((await fetch(`${url}/api/docs/${file}`)).status).toBe(404);
    }
  });

  test('what is not there is a 404 problem', async () => {
    const { url } = await start();
    const response = await fetch(`${url}/wp-login.php`);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status: 404, code: 'not_found', requestId: expect.any(String) });
  });

  test('S4: answers carry the security headers and do not tell what runs here', async () => {
    const { headers } = await fetch((await start()).url);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('strict-transport-security')).toBeNull();
  });
});

describe('metrics', () => {
  const ask = async (path: string, headers: Record<string, string> = {}) =>
    (await fetch(`${(await start()).url}${path}`, { headers })).status;

  test('S11: are for this machine', async () => {
    expect(await ask('/metrics')).toBe(200);
    expect(await ask('/metrics/sd')).toBe(200);
  });

  test('S11: are not for who comes through a proxy on this machine', async () => {
    for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']) {
      expect(await ask('/metrics', { [header]: '203.0.113.7' })).toBe(401);
      expect(await ask('/metrics/sd', { [header]: '127.0.0.1' })).toBe(401);
    }
  });

  test('S11: are for a bearer of the token, wherever from', async () => {
    const forwarded = { 'x-forwarded-for': '203.0.113.7' };
    expect(await ask('/metrics', { ...forwarded, authorization: `Bearer ${METRICS_TOKEN}` })).toBe(200);
    expect(await ask('/metrics', { ...forwarded, authorization: `Bearer ${METRICS_TOKEN}x` })).toBe(401);
    expect(await ask('/metrics', { ...forwarded, authorization: 'Bearer ' })).toBe(401);
  });
});

describe('answers', () => {
  test('large ones are compressed', async () => {
    const response = await fetch(`${(await start()).url}/api/v1/large`, { headers: { 'accept-encoding': 'gzip' } });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(await response.json()).toEqual({ text: 'x'.repeat(10_000) });
  });

  test('events are sent at once, uncompressed', async () => {
    const { url, endStreams } = await start();
    const response = await fetch(`${url}/api/v1/stream`, { headers: { 'accept-encoding': 'gzip' } });
    expect(response.headers.get('content-encoding')).toBeNull();
    const reader = response.body?.getReader();
    const chunk = await reader?.read();
    expect(new TextDecoder().decode(chunk?.value)).toBe('data: hello\n\n');
    endStreams();
    expect((await reader?.read())?.done).toBe(true);
  });
});

describe('slow callers', () => {
  test('S7: one that never finishes its headers is cut off', async () => {
    const { server } = await start({ headersTimeoutMs: 100, requestTimeoutMs: 200, checkEveryMs: 20 });
    const socket = connect(server.port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    const received: string[] = [];
    socket.on('data', (data) => received.push(data.toString()));
    await once(socket, 'close');
    expect(received.join('')).toContain('408');
  });

  test('S7: one that never finishes its body is cut off', async () => {
    const { server } = await start({ headersTimeoutMs: 100, requestTimeoutMs: 200, checkEveryMs: 20 });
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('POST /api/v1/slow HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{');
    socket.resume();
    await once(socket, 'close');
  });

  test('a stream outlives both limits', async () => {
    const { server, url, endStreams } = await start({ headersTimeoutMs: 50, requestTimeoutMs: 100, checkEveryMs: 10 });
    const response = await fetch(`${url}/api/v1/stream`);
    const reader = response.body?.getReader();
    await reader?.read();
    let ended = false;
    const next = reader?.read().finally(() => (ended = true));
    const slow = connect(server.port, '127.0.0.1');
    slow.write('GET / HTTP/1.1\r\nX-Slow: ');
    slow.resume();
    await once(slow, 'close');
    expect(ended).toBe(false);
    endStreams();
    expect((await next)?.done).toBe(true);
  });
});

describe('stopping', () => {
  test('G19: a running request is answered, and its connection closed', async () => {
    const { server, url, release } = await start({ drainMs: 5_000 });
    const call = request(`${url}/api/v1/slow`).end();
    const answered = once(call, 'response');
    while (release.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const stopped = server.stop(() => undefined);
    opened.splice(0);
    release[0]?.();
    const [response] = await answered;
    expect(response).toMatchObject({ statusCode: 200 });
    response.resume();
    await stopped;
  });

  test('G19: a stopping server still answers for a while, asking callers to connect anew', async () => {
    const { server, url } = await start({ lameMs: 300 });
    const stopped = server.stop(() => undefined);
    opened.splice(0);
    const response = await fetch(`${url}/api/v1/large`);
    expect(response.status).toBe(200);
    expect(response.headers.get('connection')).toBe('close');
    await stopped;
    await expect(fetch(url)).rejects.toThrow();
  });

  test('a connection that was taken last is answered, though its first request comes when nobody listens any more', async () => {
    const { server, url } = await start({ settleMs: 60_000 });
    const socket = connect(server.port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    await once(socket, 'connect');
    const stopped = server.stop(() => undefined);
    opened.splice(0);
    while (
      await fetch(url, { headers: { connection: 'close' } }).then(
        () => true,
        () => false,
      )
    )
      await Promise.resolve();
    socket.write('GET /api/v1/large HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*Connection: close/);
    await stopped;
  });

  test('streams are told to end, and the server is closed without cutting anybody', async () => {
    const { server, url, endStreams } = await start({ drainMs: 20_000 });
    const response = await fetch(`${url}/api/v1/stream`);
    const started = performance.now();
    await server.stop(endStreams);
    opened.splice(0);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(await response.text()).toBe('data: hello\n\n');
  });

  test('what does not end by itself is cut after the limit', async () => {
    const { server, url } = await start({ drainMs: 100 });
    const response = await fetch(`${url}/api/v1/stream`);
    await server.stop(() => undefined);
    opened.splice(0);
    await expect(response.text()).rejects.toThrow();
  });

  test('a port that is taken is an error that says so', async () => {
    const { server } = await start();
    const second = startHttpServer(() => undefined, { host: '127.0.0.1', port: server.port });
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

function addressesIn(html: string): string[] {
  return [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map((match) => match[1] ?? '');
}
