import { spawn } from 'node:child_process';
import path from 'node:path';
import type { LoadtestConfig } from '../config.js';

/** PM2 of an instance of our own, as an operator would call it. */
export function pm2(config: LoadtestConfig, dataDir: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const program = path.join(config.root, 'node_modules/pm2/bin/pm2');
    const child = spawn(process.execPath, [program, ...args], {
      cwd: config.root,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: config.PATH, HOME: config.HOME, PM2_HOME: path.join(dataDir, 'pm2'), TURNPIKE_DATA: dataDir },
      detached: true,
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')));
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`pm2 ${args.join(' ')} ended with ${code}: ${errors}`)),
    );
  });
}
