import { stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { makeCrashDirectory } from './crash-directory.js';

const { signal } = new AbortController();

test('a point counts when its file has gone, and is taken back when nobody passes it', async () => {
  const crash = await makeCrashDirectory();
  try {
    expect((await stat(crash.path)).mode & 0o777).toBe(0o700);
    await crash.arm('relay.queued');
    const waiting = crash.passed('relay.queued', 10_000, signal);
    await unlink(path.join(crash.path, 'relay.queued'));
    expect(await waiting).toBe(true);
    await crash.arm('relay.marked');
    expect(await crash.passed('relay.marked', 50, signal)).toBe(false);
    expect(await crash.passed('relay.marked', 50, signal)).toBe(true);
  } finally {
    await crash.remove();
  }
});
