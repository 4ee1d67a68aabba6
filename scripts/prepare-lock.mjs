import { mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Runs `work` while no other command of this clone does the same; waits for the other one. A dead holder does not count. */
export async function withLock(file, log, work) {
  await mkdir(path.dirname(file), { recursive: true });
  for (let told = false; ;) {
    const handle = await open(file, 'wx').catch((error) => {
      if (error.code !== 'EEXIST') throw error;
    });
    if (handle !== undefined) {
      await handle.writeFile(String(process.pid));
      await handle.close();
      break;
    }
    const holder = Number(await readFile(file, 'utf8').catch(() => ''));
    // An empty file is one that its holder is about to write.
    if (holder > 0 && !isAlive(holder)) await rm(file, { force: true });
    else if (!told) {
      log(`waiting for another Turnpike command (process ${holder}) that is installing or building`);
      told = true;
    }
    await delay(200);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}
