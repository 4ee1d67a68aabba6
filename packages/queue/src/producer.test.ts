import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { jest } from '@jest/globals';
import { createLogger } from '@turnpike/runtime/logger.js';
import { openRedis } from '@turnpike/runtime/redis.js';
import { openTestRedis } from '@turnpike/testkit/test-redis.js';
import { createProducer } from './producer.js';

const logger = createLogger({ level: 'silent', role: 'test', instance: 'test' });
const payload = { routerId: '0193a5b0-0000-7000-8000-000000000001' };

async function portOf(server: ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('the producer', () => {
  test('D14: refuses at once when Redis was never there, within a second when it hangs', async () => {
    const silent = createServer();
    const sockets = new Set<Socket>();
    silent.on('connection', (socket) => sockets.add(socket));
    const port = await portOf(silent);
    for (const [url, limitMs] of [
      ['redis://127.0.0.1:1', 300],
      [`redis://127.0.0.1:${port}`, 1_300],
    ] as const) {
      const connection = openRedis({ url, role: 'durable', use: 'commands', logger });
      const producer = createProducer({ connection, prefix: 'x:' });
      const startedMs = performance.now();
      await expect(producer.enqueue('router.probe', payload, { jobId: 'a' })).rejects.toMatchObject({
        code: 'unavailable',
      });
      expect(performance.now() - startedMs).toBeLessThan(limitMs);
      connection.disconnect();
      await producer.close();
    }
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  test('D14: refuses at once when the connection breaks later, and works again when it is back', async () => {
    const store = await openTestRedis('durable');
    const target = new URL(store.url);
    const sockets = new Set<Socket>();
    let open = true;
    const gate = createServer((client) => {
      if (!open) return void client.destroy();
      const upstream = connect(Number(target.port), target.hostname);
      client.pipe(upstream).pipe(client);
      for (const socket of [client, upstream]) sockets.add(socket.on('error', () => undefined));
      return undefined;
    });
    const through = new URL(target);
    through.port = String(await portOf(gate));
    const connection = openRedis({ url: through.href, role: 'durable', use: 'commands', logger });
    const producer = createProducer({ connection, prefix: store.prefix });
    await producer.enqueue('router.probe', payload, { jobId: 'before' });
    open = false;
    const lost = once(connection, 'close');
    for (const socket of sockets) socket.destroy();
    await lost;
    const startedMs = performance.now();
    await expect(producer.enqueue('router.probe', payload, { jobId: 'during' })).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(performance.now() - startedMs).toBeLessThan(50);
    open = true;
    await once(connection, 'ready');
    await producer.enqueue('router.probe', payload, { jobId: 'after' });
    expect((await producer.counts()).find(({ name }) => name === 'routers')).toMatchObject({ waiting: 2 });
    await producer.close();
    connection.disconnect();
    await store.close();
    for (const socket of sockets) socket.destroy();
    gate.close();
  });

  test('D14: works although the first question to Redis was answered too late', async () => {
    const store = await openTestRedis('durable');
    const info = jest.spyOn(store.redis, 'info').mockRejectedValueOnce(new Error('Command timed out'));
    const producer = createProducer({ connection: store.redis, prefix: store.prefix });
    await producer.enqueue('router.probe', payload, { jobId: 'a' });
    info.mockRestore();
    await producer.close();
    await store.close();
  });

  test('refuses a payload that is not what the catalogue says', async () => {
    const store = await openTestRedis('durable');
    const producer = createProducer({ connection: store.redis, prefix: store.prefix });
    await expect(producer.enqueue('router.probe', { routerId: 'x' }, { jobId: 'a' })).rejects.toThrow('Invalid UUID');
    await producer.close();
    await store.close();
  });
});
