import { jest } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect } from 'node:http2';
import { request as httpsRequest } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { selfSignedCertificate } from '@turnpike/testkit/self-signed-certificate.js';
import { areInstalled, deployDir, searchPath } from './deploy-run.js';

// Programs are started and waited for: on a busy machine that takes its time.
jest.setTimeout(120_000);

/** A real nginx with our files; only ports and paths are changed. Behind it stand two servers in the place of the API. */
const PROGRAM = 'nginx';
const installed = await areInstalled([PROGRAM], 'tests of deploy/nginx');

interface Seen {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

interface StandIn {
  readonly server: Server;
  readonly port: number;
  readonly seen: Seen[];
}

let work: string;
let nginx: ChildProcess;
let apis: StandIn[];
let plainPort: number;
let tlsPort: number;

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function startStandIn(): Promise<StandIn> {
  const seen: Seen[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    seen.push({ url: request.url ?? '', headers: request.headers });
    if (request.url === '/api/v1/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: first\n\n');
      return;
    }
    request.resume().once('end', () => {
      response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'public, max-age=31536000, immutable' });
      response.end('answer');
    });
  });
  server.keepAliveTimeout = 65_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { server, seen, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

async function writeFiles(): Promise<void> {
  await mkdir(path.join(work, 'logs'));
  await cp(path.join(deployDir, 'nginx/snippets'), path.join(work, 'snippets'), { recursive: true });
  const { key, cert } = selfSignedCertificate('localhost');
  await writeFile(path.join(work, 'privkey.pem'), key);
  await writeFile(path.join(work, 'fullchain.pem'), cert);
  const sites = await readFile(path.join(deployDir, 'nginx/turnpike.conf'), 'utf8');
  const changed = sites
    .replaceAll('/etc/turnpike/tls', work)
    .replaceAll('/var/log/nginx', path.join(work, 'logs'))
    .replaceAll(/^ *listen \[::\].*$/gm, '')
    .replace('listen 80 ', `listen 127.0.0.1:${plainPort} `)
    .replace('listen 443 ', `listen 127.0.0.1:${tlsPort} `);
  await writeFile(path.join(work, 'sites.conf'), changed);
  const upstream = await readFile(path.join(deployDir, 'nginx/upstream-compose.conf'), 'utf8');
  await writeFile(
    path.join(work, 'upstream.conf'),
    upstream.replace(':8080', `:${apis[0]?.port}`).replace(':8081', `:${apis[1]?.port}`),
  );
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${work}/${kind};`,
  );
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const main = `${user} daemon off; pid ${work}/pid; error_log ${work}/logs/error.log; worker_processes 2; events {}
    http { ${temporary.join(' ')} include upstream.conf; include sites.conf; }`;
  await writeFile(path.join(work, 'nginx.conf'), main);
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function ask(
  pathname: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: tlsPort, path: pathname, method, headers, rejectUnauthorized: false };
    const request = httpsRequest({ ...options, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    request.once('error', reject);
    request.end(body);
  });
}

const askPlain = (pathname: string) => fetch(`http://127.0.0.1:${plainPort}${pathname}`, { redirect: 'manual' });

const everythingSeen = () => apis.flatMap(({ seen }) => seen);

async function untilServed(): Promise<void> {
  for (let tries = 0; tries < 2_000; tries += 1) {
    const served = await askPlain('/nginx-health').then(
      (response) => response.status === 200,
      () => false,
    );
    if (served) return;
    await delay(25);
  }
  throw new Error(await readFile(path.join(work, 'logs/error.log'), 'utf8').catch(() => 'nginx did not start'));
}

(installed ? describe : describe.skip)('nginx in front of the API', () => {
  beforeAll(async () => {
    work = await mkdtemp(path.join(tmpdir(), 'turnpike-nginx-'));
    apis = [await startStandIn(), await startStandIn()];
    [plainPort, tlsPort] = [await freePort(), await freePort()];
    await writeFiles();
    nginx = spawn(PROGRAM, ['-p', work, '-c', path.join(work, 'nginx.conf')], {
      env: { PATH: searchPath() },
      stdio: 'ignore',
    });
    await untilServed();
  });

  afterAll(async () => {
    const ended = nginx.exitCode === null ? once(nginx, 'exit') : undefined;
    nginx.kill('SIGTERM');
    await ended;
    for (const { server } of apis) {
      server.closeAllConnections();
      server.close();
    }
    await rm(work, { recursive: true, force: true });
  });

  test('M1, S3: tells the API the address of the caller, whatever the caller says it is', async () => {
    const headers = {
      'x-forwarded-for': '196.201.214.200',
      forwarded: 'for=196.201.214.200',
      'x-real-ip': '196.201.214.200',
    };
    await ask('/api/v1/payments/mpesa/callback/abc', { method: 'POST', headers, body: '{}' });
    const seen = everythingSeen().find(({ url }) => url === '/api/v1/payments/mpesa/callback/abc');
    expect(seen?.headers['x-forwarded-for']).toBe('127.0.0.1');
    expect(seen?.headers['x-forwarded-proto']).toBe('https');
    expect(seen?.headers).not.toHaveProperty('forwarded');
    expect(seen?.headers).not.toHaveProperty('x-real-ip');
  });

  test('hands each event on at once, and a stream does not end by itself', async () => {
    const client = connect(`https://127.0.0.1:${tlsPort}`, { rejectUnauthorized: false });
    const stream = client.request({ ':path': '/api/v1/events' });
    const [chunk] = await once(stream, 'data');
    expect(String(chunk)).toBe('data: first\n\n');
    expect(client.alpnProtocol).toBe('h2');
    await delay(300);
    expect(stream.closed).toBe(false);
    stream.close();
    client.close();
  });

  test("leaves the API's own rules for caching and compression alone", async () => {
    const answer = await ask('/console/assets/index-abc.js', { headers: { 'accept-encoding': 'gzip' } });
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(answer.headers).not.toHaveProperty('content-encoding');
    expect(answer.headers['server']).toBe('nginx');
  });

  test('M4: a request is answered while one of the two API processes is away', async () => {
    const [first] = apis;
    first?.server.closeAllConnections();
    first?.server.close();
    const bodies = await Promise.all(
      Array.from({ length: 20 }, () => ask('/api/v1/payments/mpesa/callback/abc', { method: 'POST', body: '{}' })),
    );
    first?.server.listen(first.port, '127.0.0.1');
    expect(bodies.map(({ status }) => status)).toEqual(bodies.map(() => 200));
  });

  test('S7: refuses bodies that the API would refuse, and takes statements up to their own limit', async () => {
    const [tooLarge, statement, tooLargeStatement] = await Promise.all([
      ask('/api/v1/packages', { method: 'POST', body: 'x'.repeat(70_000) }),
      ask('/api/v1/payments/statements', { method: 'POST', body: 'x'.repeat(4_200_000) }),
      ask('/api/v1/payments/statements', { method: 'POST', body: 'x'.repeat(5_300_000) }).catch(() => ({
        status: 413,
      })),
    ]);
    expect([tooLarge.status, statement.status, tooLargeStatement.status]).toEqual([413, 200, 413]);
  });

  test('S3: lets nobody guess passwords quickly, and everybody else go on', async () => {
    const tries = Array.from({ length: 40 }, () => ask('/api/v1/auth/login', { method: 'POST', body: '{}' }));
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    const answered = statuses.filter((status) => status === 200).length;
    expect(answered).toBeGreaterThanOrEqual(11);
    // One more every two seconds.
    expect(answered).toBeLessThan(25);
    expect(statuses.filter((status) => status === 429)).toHaveLength(40 - answered);
    expect((await ask('/api/v1/routers')).status).toBe(200);
  });

  test('M7: a site full of phones behind one address is served', async () => {
    const answers = await Promise.all(Array.from({ length: 150 }, () => ask('/portal/wait?ref=abc')));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  });

  test('S11: shows metrics to nobody outside', async () => {
    const before = everythingSeen().length;
    expect((await ask('/metrics')).status).toBe(404);
    expect((await ask('/metrics/sd')).status).toBe(404);
    expect(everythingSeen()).toHaveLength(before);
  });

  test('serves over plain HTTP what routers fetch, and sends people to HTTPS with all they came with', async () => {
    expect(await (await askPlain('/portal/router-files/nas-1/login.html')).text()).toBe('answer');
    const page = await askPlain('/portal?mac=AA%3ABB&link-login-only=http%3A%2F%2F10.5.50.1%2Flogin');
    expect(page.status).toBe(302);
    expect(page.headers.get('location')).toBe(
      'https://127.0.0.1/portal?mac=AA%3ABB&link-login-only=http%3A%2F%2F10.5.50.1%2Flogin',
    );
    const elsewhere = await askPlain('/console/');
    expect([elsewhere.status, elsewhere.headers.get('location')]).toEqual([308, 'https://127.0.0.1/console/']);
  });

  test.each([
    ['TLSv1.1', false],
    ['TLSv1.2', true],
    ['TLSv1.3', true],
  ] as const)('S4: %s is spoken: %s', async (version, spoken) => {
    const options = {
      host: '127.0.0.1',
      port: tlsPort,
      rejectUnauthorized: false,
      minVersion: version,
      maxVersion: version,
    };
    const socket = connectTls({ ...options, ciphers: 'DEFAULT@SECLEVEL=0' });
    const outcome = await Promise.race([
      once(socket, 'secureConnect').then(() => true),
      new Promise<boolean>((resolve) => socket.once('error', () => resolve(false))),
    ]).catch(() => false);
    socket.destroy();
    expect(outcome).toBe(spoken);
  });

  test('S8: writes no token and no voucher code to its log', async () => {
    const canary = 'canary4711';
    const addresses = [
      `/api/v1/payments/mpesa/callback/${canary}`,
      `/api/v1/payments/paybill/confirmation/${canary}`,
      `/api/v1/notifications/sms-opt-out/${canary}`,
      `/api/v1/bootstrap/${canary}`,
      `/api/v1/portal/purchases/${canary}`,
      `/portal/voucher?code=${canary}`,
    ];
    for (const address of addresses) await ask(address);
    await delay(50);
    const log = await readFile(path.join(work, 'logs/access.log'), 'utf8');
    const lines = log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ path: place }) => place)).toEqual(
      expect.arrayContaining(['/api/v1/payments/mpesa/callback/-', '/api/v1/bootstrap/-', '/portal/voucher']),
    );
    expect(log).not.toContain(canary);
    expect(await readFile(path.join(work, 'logs/error.log'), 'utf8')).not.toContain(canary);
  });
});
