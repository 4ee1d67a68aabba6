import { once } from 'node:events';
import { createServer } from 'node:http';
import { notify } from '@turnpike/features/notifications/notify.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { accessRows, TEST_KEY } from '@turnpike/testkit/access-rows.js';
import { openTestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis } from '@turnpike/testkit/test-redis.js';
import { readWorkerConfig } from './config.js';
import { createWorkerContext } from './context.js';

test('a notice that was committed is with the SMS provider soon after, in the words of its language', async () => {
  const [store, durable, cache] = await Promise.all([
    openTestDatabase(),
    openTestRedis('durable'),
    openTestRedis('cache'),
  ]);
  const forms: URLSearchParams[] = [];
  const provider = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      forms.push(new URLSearchParams(Buffer.concat(chunks).toString()));
      const recipient = { statusCode: 101, status: 'Success', messageId: 'ATXid_1' };
      response.writeHead(201).end(JSON.stringify({ SMSMessageData: { Message: '', Recipients: [recipient] } }));
      provider.emit('message');
    });
  });
  provider.listen(0, '127.0.0.1');
  await once(provider, 'listening');
  const address = provider.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const worker = createWorkerContext({
    config: readWorkerConfig({
      DATABASE_URL: store.url,
      REDIS_DURABLE_URL: durable.url,
      REDIS_CACHE_URL: cache.url,
      ENCRYPTION_KEYS: TEST_KEY,
      SMS_URL: `http://127.0.0.1:${port}`,
      SMS_USERNAME: 'isp',
      SMS_API_KEY: 'key',
    }),
    logger: createLogger({ level: 'silent', role: 'test', instance: '0' }),
    metrics: createMetrics({ role: 'test', instance: '0', processMetrics: false }),
    prefix: durable.prefix,
  });
  try {
    await worker.start();
    const { db, transact } = store.database;
    const customerId = await accessRows(db).customer('254722000111', 'password', {
      msisdn: '254722000111',
      language: 'sw',
    });
    const message = once(provider, 'message', { signal: AbortSignal.timeout(20_000) });
    const params = { amount: 5_000, currency: 'KES', package: 'Siku', receipt: 'SKL3ABCDEF' };
    await transact((tx) => notify(tx, { template: 'payment_received', customerId, params, dedupKey: 'once' }));
    await message;
    expect(Object.fromEntries(forms[0] ?? [])).toEqual({
      username: 'isp',
      to: '+254722000111',
      message: 'Tumepokea KES 50 (SKL3ABCDEF). Siku. Asante.',
    });
  } finally {
    await worker.stop();
    provider.closeAllConnections();
    provider.close();
    await Promise.all([store.drop(), durable.close(), cache.close()]);
  }
  expect(forms).toHaveLength(1);
}, 60_000);
