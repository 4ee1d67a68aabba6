import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const root = path.resolve(import.meta.dirname, '..', '..', '..');
const readyLine = z.object({ controlUrl: z.string() });

// npm runs a script in a shell and signals that shell only: without `exec` in package.json the program stays behind.
test('a simulator ends with the npm that runs it', async () => {
  const npm = spawn('npm', ['run', '--silent', 'simulator'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: npm.stdout });
  const [line] = z.tuple([z.string()]).parse(await once(lines, 'line'));
  const { controlUrl } = readyLine.parse(JSON.parse(line));
  const allGone = once(lines, 'close', { signal: AbortSignal.timeout(10_000) });
  npm.kill('SIGTERM');
  await allGone;
  await expect(fetch(controlUrl)).rejects.toThrow('fetch failed');
}, 30_000);
