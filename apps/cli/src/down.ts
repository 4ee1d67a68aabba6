import { rm } from 'node:fs/promises';
import type { CliContext } from './cli-context.js';
import { withCommandLock } from './command-lock.js';
import { stopStores } from './embedded-stores.js';
import { loadSecrets } from './secrets.js';
import { readPorts } from './settled-ports.js';

/** Stops processes, PM2 and the embedded stores of this data directory; nothing runs afterwards. */
export async function down(context: CliContext): Promise<void> {
  const { layout, pm2, write } = context;
  const ports = await readPorts(layout.ports);
  if (ports === undefined) {
    write('nothing was started here\n');
    return;
  }
  await withCommandLock(layout.lock, async () => {
    const stopped = (await pm2.kill()) ? ['all processes'] : [];
    await rm(layout.running, { force: true });
    stopped.push(...(await stopStores(context, await loadSecrets(layout.secrets), ports)));
    write(stopped.length === 0 ? 'nothing was running\n' : `stopped: ${stopped.join(', ')}\n`);
  });
}
