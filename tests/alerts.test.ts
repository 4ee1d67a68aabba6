import { execFile } from 'node:child_process';
import { access, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { dashboardFiles, expressionsOf, metricsIn, recordedIn, ruleFiles } from './prometheus-names.js';
import { filesBelow, root } from './source-files.js';

const folder = path.join(root, 'deploy', 'prometheus');
const run = promisify(execFile);
const promtoolMissing = await run('promtool', ['--version']).then(
  () => undefined,
  (error: Error) => error.message,
);
if (promtoolMissing !== undefined) process.stderr.write(`SKIPPED, install prometheus: ${promtoolMissing}\n`);
const withPromtool = promtoolMissing === undefined ? test : test.skip;

/** Each alert as it is written, from its name to the next. */
async function alerts(): Promise<{ name: string; text: string }[]> {
  return (await ruleFiles()).flatMap(({ text }) =>
    text
      .split(/^ {6}- /m)
      .filter((part) => part.startsWith('alert: '))
      .map((part) => ({ name: /^alert: (\w+)/.exec(part)?.[1] ?? '', text: part })),
  );
}

describe('the alert rules', () => {
  test('R5, R14: ask only for metrics that a process exports', async () => {
    const expressions = (await ruleFiles()).flatMap(expressionsOf);
    const asked = new Set(expressions.flatMap(metricsIn).filter((name) => name.startsWith('turnpike_')));
    const files = (await Promise.all(['packages', 'apps'].map(filesBelow))).flat();
    const written = files.filter((file) => /\/src\/.*(?<!\.test)\.ts$/.test(file) && !file.includes('/generated/'));
    const code = (await Promise.all(written.map((file) => readFile(path.join(root, file), 'utf8')))).join('\n');
    expect(asked.size).toBeGreaterThan(40);
    const unknown = [...asked].filter((name) => {
      const base = name.replace(/_(bucket|count|sum)$/, '');
      // Some names are put together of the role and the rest, or of a common beginning and the rest.
      const rests = [base, ...['api_', 'worker_', 'radius_'].map((role) => base.replace(`turnpike_${role}`, ''))];
      return ![...rests, base.replace(/^turnpike_worker_(redis|postgres)_/, '')].some(
        (rest) => code.includes(`'${rest}'`) || code.includes(`\${role}_${rest}\``),
      );
    });
    expect(unknown).toEqual([]);
  });

  test('each says how bad it is, what happened, what that means and where it is written what to do', async () => {
    const all = await alerts();
    expect(all.length).toBeGreaterThan(40);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    for (const { name, text } of all) {
      expect([
        name,
        /severity: (critical|warning)/.test(text),
        /summary: /.test(text),
        /description: /.test(text),
      ]).toEqual([name, true, true, true]);
      const runbook = /runbook_url: (deploy\/runbooks\/[\w-]+\.md)/.exec(text)?.[1] ?? '';
      await expect(access(path.join(root, runbook))).resolves.toBeUndefined();
    }
  });

  test('each runbook says what it means, what people feel, what to do first, how to mend it, and what comes afterwards', async () => {
    const names = (await readdir(path.join(root, 'deploy', 'runbooks'))).filter((name) => name !== 'README.md');
    const asked = new Set((await alerts()).map(({ text }) => /runbooks\/([\w-]+\.md)/.exec(text)?.[1]));
    expect(names.toSorted()).toEqual([...asked].toSorted());
    const index = await readFile(path.join(root, 'deploy', 'runbooks', 'README.md'), 'utf8');
    for (const { name } of await alerts()) expect(index).toContain(name);
    for (const name of names) {
      const text = await readFile(path.join(root, 'deploy', 'runbooks', name), 'utf8');
      const parts = ['**What it means.**', '**What people feel.**', '## First', '## Mend', '## Afterwards'];
      expect([name, parts.filter((part) => !text.includes(part))]).toEqual([name, []]);
      const commands = /## First\n+```\n([\s\S]*?)\n```/.exec(text)?.[1]?.split('\n') ?? [];
      expect([name, commands.length]).toEqual([name, 3]);
    }
  });

  test('ask for recorded series that are recorded, and so do dashboards', async () => {
    const files = [...(await ruleFiles()), ...(await dashboardFiles())];
    const recorded = new Set(
      files.flatMap(({ text }) => [...text.matchAll(/- record: (\S+)/g)].map(([, name]) => name)),
    );
    const asked = files.flatMap(expressionsOf).flatMap(recordedIn);
    expect(asked.filter((name) => !recorded.has(name))).toEqual([]);
  });

  test('the capacity that they count with is the one that was measured', async () => {
    const results = z.object({ figures: z.array(z.object({ name: z.string(), value: z.number().nullable() })) });
    const rules = await readFile(path.join(folder, 'rules', 'recording.yml'), 'utf8');
    const measured = async (result: string, figure: string): Promise<number> => {
      const text = await readFile(path.join(root, 'loadtest', 'results', `${result}.json`), 'utf8');
      const found = results.parse(JSON.parse(text)).figures.find(({ name }) => name === figure);
      return Math.floor(found?.value ?? Number.NaN);
    };
    const used = (kind: string): number =>
      Number(
        new RegExp(`capacity:tps\\n +labels: \\{ kind: ${kind} \\}\\n +expr: vector\\((\\d+)\\)`).exec(rules)?.[1],
      );
    // A later measurement on another machine is no mistake here; one that finds a tenth less is news for the alert.
    const fits = (kind: string, value: number): boolean => used(kind) <= value * 1.1;
    expect([
      fits('api', await measured('capacity', 'capacity')),
      fits('auth', await measured('radius-pap', 'PAP answers per second')),
      fits('acct', await measured('radius-acct', 'accounting answers per second')),
    ]).toEqual([true, true, true]);
  });

  withPromtool('configuration and rules are what Prometheus takes', async () => {
    const { stdout } = await run('promtool', ['check', 'config', 'prometheus.yml'], { cwd: folder });
    expect(stdout).toContain('SUCCESS');
    expect(stdout).not.toContain('FAILED');
  });

  withPromtool(
    'R3, R5, R12, R14, M9, M10: fire and end as their own tests say, each of them',
    async () => {
      const tests = (await readdir(path.join(folder, 'tests'))).filter((name) => name.endsWith('.test.yml'));
      const { stdout } = await run('promtool', ['test', 'rules', ...tests], { cwd: path.join(folder, 'tests') });
      expect(stdout.match(/SUCCESS/g)).toHaveLength(tests.length);
      const texts = await Promise.all(tests.map((name) => readFile(path.join(folder, 'tests', name), 'utf8')));
      const checks = texts.join('\n').replaceAll(/\n +eval_time: /g, ' eval_time: ');
      for (const { name } of await alerts()) {
        const counts = [...checks.matchAll(new RegExp(`alertname="${name}"[\\s\\S]*?value: (\\d)`, 'g'))];
        const values = new Set(counts.map(([, value]) => (value === '0' ? 'silent' : 'fires')));
        expect([name, values]).toEqual([name, new Set(['silent', 'fires'])]);
      }
    },
    240_000,
  );
});
