import { ScriptedRouter } from '@turnpike/testkit/scripted-router.js';
import { withRouter } from '@turnpike/testkit/scripted-session.js';
import { selfSignedCertificate } from '@turnpike/testkit/self-signed-certificate.js';
import { probeTlsFingerprint } from './tls-probe.js';

const host = '127.0.0.1';

function rosError(kind: string, more: Record<string, unknown> = {}): unknown {
  return expect.objectContaining({ name: 'RosError', kind, ...more });
}

test('gives the fingerprint of the certificate and sends nothing', async () => {
  const tls = selfSignedCertificate('router');
  await withRouter({ tls }, async (router) => {
    expect(await probeTlsFingerprint({ host, port: router.port })).toBe(tls.fingerprint256);
    await router.waitForNoSockets();
    expect(router.segmentsReceived).toBe(0);
  });
});

test('tells apart a port that is closed, one that does not speak TLS and one that is silent', async () => {
  const gone = await ScriptedRouter.start();
  const { port } = gone;
  await gone.stop();
  await expect(probeTlsFingerprint({ host, port })).rejects.toEqual(rosError('connect', { code: 'ECONNREFUSED' }));
  const onConnect = (socket: { end(): void }): 'ignore' => {
    socket.end();
    return 'ignore';
  };
  await withRouter({ onConnect }, async (router) => {
    await expect(probeTlsFingerprint({ host, port: router.port })).rejects.toEqual(rosError('tls'));
  });
  await withRouter({ onConnect: () => 'ignore' }, async (router) => {
    await expect(probeTlsFingerprint({ host, port: router.port, timeoutMs: 20 })).rejects.toEqual(rosError('timeout'));
    await router.waitForNoSockets();
  });
});

test('ends when the caller aborts', () =>
  withRouter({ onConnect: () => 'ignore' }, async (router) => {
    const controller = new AbortController();
    const probe = probeTlsFingerprint({ host, port: router.port, signal: controller.signal });
    controller.abort();
    await expect(probe).rejects.toEqual(rosError('aborted'));
    await expect(probeTlsFingerprint({ host, port: router.port, signal: controller.signal })).rejects.toEqual(
      rosError('aborted'),
    );
    await router.waitForNoSockets();
  }));
