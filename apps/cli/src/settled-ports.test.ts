import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type Server, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { anyFreePort } from '@turnpike/stores/ports.js';
import { type PortWish, readPorts, settlePorts } from './settled-ports.js';

describe('settlePorts', () => {
  let dir: string;
  let file: string;
  let server: Server;
  let taken: number;
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);

  beforeEach(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'turnpike-ports-'));
    file = path.join(dir, 'ports.json');
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    taken = typeof address === 'object' && address !== null ? address.port : 0;
    lines.length = 0;
  });
  afterEach(async () => {
    server.close();
    await once(server, 'close');
    await rm(dir, { recursive: true, force: true });
  });

  const wish = (more: Partial<PortWish>): PortWish => ({
    name: 'api',
    title: 'API',
    protocol: 'tcp',
    host: '127.0.0.1',
    port: taken,
    isOurs: false,
    ...more,
  });

  test('takes the next free port instead of a taken default, says so, and keeps it', async () => {
    const { api } = await settlePorts(file, [wish({})], log);
    expect(api).toBeGreaterThan(taken);
    expect(lines).toEqual([expect.stringMatching(new RegExp(`${taken} .*process ${process.pid}.*using ${api}`))]);
    expect(await settlePorts(file, [wish({})], log)).toMatchObject({ api });
    expect(lines).toHaveLength(1);
  });

  test('refuses a taken port that the user named, and names who holds it', async () => {
    const refused = settlePorts(file, [wish({ variable: 'PORT' })], log);
    await expect(refused).rejects.toThrow(new RegExp(`port ${taken} .*\\(process ${process.pid}\\).*another PORT`));
    expect(await readPorts(file)).toBeUndefined();
  });

  test('keeps the port our own process listens on', async () => {
    const free = await anyFreePort();
    await settlePorts(file, [wish({ port: free })], log);
    const held = createServer().listen(free, '127.0.0.1');
    await once(held, 'listening');
    expect(await settlePorts(file, [wish({ port: free, isOurs: true })], log)).toMatchObject({ api: free });
    held.close();
    await once(held, 'close');
  });

  test('never gives the same port to two of us', async () => {
    const free = await anyFreePort();
    const ports = await settlePorts(file, [wish({ port: free }), wish({ name: 'postgres', port: free })], log);
    expect(ports.postgres).toBeGreaterThan(ports.api);
  });
});
