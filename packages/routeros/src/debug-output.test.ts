import { createRequire } from 'node:module';
import { Secret } from '@turnpike/core/secret.js';
import type { ScriptedRequest } from '@turnpike/testkit/scripted-request.js';

interface Debug {
  log: (...parts: unknown[]) => void;
  enable: (names: string) => void;
}

function isDebug(value: unknown): value is Debug {
  return typeof value === 'function' && 'enable' in value;
}

test('D6: the debug output of node-routeros shows no password and no value', async () => {
  const require = createRequire(import.meta.url);
  const debug: unknown = createRequire(require.resolve('node-routeros'))('debug');
  if (!isDebug(debug)) throw new Error('the package logs in another way');
  const lines: string[] = [];
  debug.log = (...parts) => void lines.push(parts.join(' '));
  debug.enable('routeros-api:*');
  // The package asks at load time what to print.
  const { dialScripted, withRouter } = await import('@turnpike/testkit/scripted-session.js');
  const handlers = { '/secrets/print': (request: ScriptedRequest): void => request.rows({ secret: 'radius-hush' }) };
  await withRouter({ handlers }, async (router) => {
    const session = await dialScripted(router, {}, { password: new Secret('login-hush') });
    await session.print('/secrets', { where: { comment: 'query-hush' } });
    await session.close();
  });
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.join('\n')).not.toContain('hush');
});
