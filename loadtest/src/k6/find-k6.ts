import { spawn, spawnSync } from 'node:child_process';
import { access, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { LoadtestConfig } from '../config.js';
import type { Say } from '../radius/target.js';
import { NotPossibleHere } from '../refusals.js';

/** Built from source where Go is present; the version that the scenarios were written for. */
const K6_MODULE = 'go.k6.io/k6@v1.8.1';

/** The k6 binary: on PATH, built before, or built now with Go. Throws NotPossibleHere when none of these is possible. */
export async function findK6(config: LoadtestConfig, say: Say): Promise<string> {
  const env = { PATH: config.PATH, HOME: config.HOME };
  if (spawnSync('k6', ['version'], { env }).status === 0) return 'k6';
  const bin = path.join(config.dataDir, 'tools', 'k6');
  const built = path.join(bin, 'k6');
  if (await exists(built)) return built;
  if (spawnSync('go', ['version'], { env }).status === 0) {
    say(`k6 is not on PATH: building ${K6_MODULE} with Go, once (a few minutes)`);
    await mkdir(bin, { recursive: true });
    const status = await run('go', ['install', K6_MODULE], { ...env, GOBIN: bin });
    if (status === 0 && (await exists(built))) return built;
    throw new NotPossibleHere(`${K6_MODULE} could not be built, see above: install k6 (https://k6.io) and try again`);
  }
  throw new NotPossibleHere(
    'k6 is not on PATH and there is no Go to build it with: install either (https://k6.io) and try again',
  );
}

/** Runs a program with our standard output; gives its exit status. */
function run(command: string, args: readonly string[], env: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', env });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
