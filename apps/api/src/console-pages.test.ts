import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import express from 'express';
import { consolePages } from './console-pages.js';
import { securityHeaders } from './security-headers.js';

let directory: string;
const servers: Server[] = [];

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'console-'));
  await mkdir(path.join(directory, 'assets'));
  await writeFile(path.join(directory, 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__"><p>console</p>');
  await writeFile(path.join(directory, 'assets/index-abc.js'), 'export {};');
  await writeFile(path.join(directory, 'color-scheme.js'), '');
});

afterAll(async () => {
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  await rm(directory, { recursive: true });
});

async function serve(built = directory): Promise<string> {
  const app = express();
  app.use(securityHeaders({ overHttps: false }));
  app.use('/console', consolePages(built));
  const server = app.listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/console`;
}

describe('the console', () => {
  test('is one page for every address below it, never kept, with a nonce of its own each time', async () => {
    const url = await serve();
    const nonces = new Set<string>();
    for (const place of ['/', '/routers', '/customers/1?tab=devices', '/routers/..%2f..%2fetc']) {
      const response = await fetch(url + place);
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toBe('no-store');
      const policy = response.headers.get('content-security-policy') ?? '';
      const nonce = /style-src 'self' 'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
      expect(await response.text()).toContain(`content="${nonce}"`);
      expect(policy).toContain("script-src 'self';");
      expect(policy).not.toContain('unsafe');
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(4);
  });

  test('lets its files be kept for ever, because their names change with them; one that is not there is a 404', async () => {
    const url = await serve();
    const file = await fetch(`${url}/assets/index-abc.js`);
    expect(file.headers.get('cache-control')).toContain('immutable');
    expect(file.headers.get('content-type')).toContain('javascript');
    expect((await fetch(`${url}/assets/index-old.js`)).status).toBe(404);
    expect((await fetch(`${url}/assets/..%2findex.html`)).status).not.toBe(200);
    expect((await fetch(`${url}/color-scheme.js`)).status).toBe(200);
  });

  test('says what to do when it was not built', async () => {
    const response = await fetch(`${await serve('/nowhere')}/`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining('npm run build') });
  });
});
