import { Secret } from '@turnpike/core/secret.js';
import { createDialer } from '@turnpike/routeros/dial-router.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { scriptedTarget, withRouter } from '@turnpike/testkit/scripted-session.js';
import { measuredDial } from './measured-dial.js';

test('every conversation with a router is measured by what was done and how it ended, the router itself is no label', async () => {
  const metrics = createMetrics({ role: 'worker', instance: '0', processMetrics: false });
  const dial = measuredDial(metrics, createDialer({ connectTimeoutMs: 2_000, commandTimeoutMs: 2_000 }));
  await withRouter(
    {
      handlers: {
        '/ip/pool/print': (request) => request.rows({ name: 'p' }),
        '/lose': ({ socket }) => void socket.end(),
      },
    },
    async (router) => {
      const session = await dial(scriptedTarget(router));
      expect(await session.print('/ip/pool')).toHaveLength(1);
      await expect(session.add('/ip/pool', { name: 'q' })).rejects.toMatchObject({ kind: 'trap' });
      expect(await countOf(metrics)).toMatchObject({ 'dial ok': 1, 'print ok': 1, 'add trap': 1 });
      expect(await metrics.registry.metrics()).toContain(
        'turnpike_worker_routeros_sessions{role="worker",instance="0"} 1',
      );
      await expect(session.exec('/lose')).rejects.toMatchObject({ kind: 'connection-lost' });
      await session.closed;
      await session.close();
    },
  );
  await expect(dial({ ...targetOfNobody(), port: 1 })).rejects.toMatchObject({ kind: 'connect' });
  const text = await metrics.registry.metrics();
  expect(text).toContain('turnpike_worker_routeros_sessions{role="worker",instance="0"} 0');
  expect(await countOf(metrics)).toMatchObject({ 'exec connection-lost': 1, 'dial connect': 1 });
  expect(text).not.toContain('127.0.0.1');
});

function targetOfNobody(): Parameters<ReturnType<typeof createDialer>>[0] {
  return { host: '127.0.0.1', port: 1, username: 'a', password: new Secret('b'), tls: undefined };
}

async function countOf(metrics: ReturnType<typeof createMetrics>): Promise<Record<string, number>> {
  const found = await metrics.registry.getSingleMetric('turnpike_worker_routeros_operation_seconds')?.get();
  return Object.fromEntries(
    (found?.values ?? [])
      .filter((value) => 'metricName' in value && String(value.metricName).endsWith('_count'))
      .map(({ labels, value }) => [`${labels['operation']} ${labels['outcome']}`, value]),
  );
}
