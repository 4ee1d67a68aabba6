import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { filesBelow, root } from './source-files.js';

const folder = path.join(root, 'deploy', 'prometheus');
const run = promisify(execFile);

describe('the alert rules', () => {
  test('R5, R14: ask only for metrics that a process exports', async () => {
    const rules = await readFile(path.join(folder, 'alerts.yml'), 'utf8');
    const files = (await Promise.all(['packages', 'apps'].map(filesBelow))).flat();
    const written = files.filter((file) => /\/src\/.*(?<!\.test)\.ts$/.test(file) && !file.includes('/generated/'));
    const code = await Promise.all(written.map((file) => readFile(path.join(root, file), 'utf8')));
    const asked = new Set(rules.match(/\bturnpike_[a-z_]+/g));
    expect(asked.size).toBeGreaterThan(10);
    const unknown = [...asked].filter((name) => {
      const base = name.replace(/_(bucket|count|sum)$/, '');
      return !code.some((text) => text.includes(`'${base}'`));
    });
    expect(unknown).toEqual([]);
  });

  test('R3, R5, R12, R14, M9, M10: fire and end as their own tests say, where promtool is installed', async () => {
    const installed = await run('promtool', ['--version']).then(
      () => true,
      () => false,
    );
    if (!installed) return;
    const { stdout } = await run('promtool', ['test', 'rules', 'alerts.test.yml'], { cwd: folder });
    expect(stdout).toContain('SUCCESS');
  });
});
