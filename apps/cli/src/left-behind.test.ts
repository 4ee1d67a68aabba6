import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isAlive } from '@turnpike/stores/process-alive.js';
import { endLeftBehind } from './left-behind.js';

const FOREVER = 'process.stdout.write("up"); setInterval(() => undefined, 1000)';

async function start(environment: Record<string, string>) {
  const child = spawn(process.execPath, ['-e', FOREVER], { env: environment, stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  return child;
}

test('ends what PM2 of this home started and lost, and nothing else', async () => {
  const home = `/tmp/turnpike-test-home-${process.pid}`;
  const lost = await start({ PM2_HOME: home, pm_id: '1' });
  const ofAnotherHome = await start({ PM2_HOME: `${home}-other`, pm_id: '1' });
  const notPm2s = await start({ PM2_HOME: home });
  try {
    expect(await endLeftBehind(home)).toBe(1);
    expect(isAlive(lost.pid ?? 0)).toBe(false);
    expect(isAlive(ofAnotherHome.pid ?? 0)).toBe(true);
    expect(isAlive(notPm2s.pid ?? 0)).toBe(true);
  } finally {
    const rest = [ofAnotherHome, notPm2s];
    const gone = rest.map((child) => once(child, 'exit'));
    for (const child of rest) child.kill('SIGKILL');
    await Promise.all(gone);
  }
});
