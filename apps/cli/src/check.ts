import path from 'node:path';
import { runProgram } from '@turnpike/stores/run-program.js';
import pc from 'picocolors';
import type { CliContext } from './cli-context.js';
import { licenceProblems } from './licences.js';

interface Check {
  readonly name: string;
  /** Nothing when all is well, else what to show. */
  readonly run: () => Promise<string | undefined>;
}

const TIMEOUT_MS = 300_000;
/** The slow checks keep one core busy each. */
const AT_ONCE = 2;

function checksFor({ config }: CliContext): Check[] {
  const { root, fullEnvironment } = config;
  const program = (name: string, file: string, args: readonly string[]): Check => ({
    name,
    run: async () => {
      const options = { cwd: root, env: fullEnvironment, timeoutMs: TIMEOUT_MS };
      const script = path.join(root, file);
      const { ok, stdout, explanation } = await runProgram(process.execPath, [script, ...args], options);
      return ok
        ? undefined
        : [stdout.trim(), explanation].filter((text, index, all) => all.indexOf(text) === index).join('\n');
    },
  });
  const modules = (file: string) => path.join('node_modules', file);
  return [
    // The slowest first. No cache: what a file may do depends on the types of others.
    program('lint', modules('eslint/bin/eslint.js'), ['.']),
    program('types', modules('typescript/bin/tsc'), ['--project', 'tsconfig.json', '--noEmit']),
    program('console types', modules('typescript/bin/tsc'), ['--project', 'apps/console', '--noEmit']),
    program('arrows', modules('dependency-cruiser/bin/dependency-cruise.mjs'), [
      '--config',
      '.dependency-cruiser.cjs',
      'packages/*/src',
      'apps/*/src',
      'loadtest/src',
      'tests',
    ]),
    program('dead code', modules('knip/bin/knip.js'), ['--no-progress']),
    program('format', modules('prettier/bin/prettier.cjs'), ['--check', '--log-level', 'warn', '--cache', '.']),
    program('migrations', 'apps/cli/dist/main.js', ['db-check']),
    { name: 'licences', run: () => licenceProblems(root) },
  ];
}

async function report({ name, run }: Check, write: (text: string) => void): Promise<boolean> {
  const started = performance.now();
  const problem = await run();
  const took = pc.dim(`${((performance.now() - started) / 1000).toFixed(1)} s`);
  write(`${problem === undefined ? pc.green('ok    ') : pc.red('failed')}  ${name.padEnd(14)}${took}\n`);
  if (problem !== undefined) write(`${problem}\n\n`);
  return problem === undefined;
}

/** Runs every check, one line each and the output of those that fail; false when any does. */
export async function check(context: CliContext): Promise<boolean> {
  const waiting = checksFor(context);
  const results: boolean[] = [];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      results.push(await report(next, context.write));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  const failed = results.filter((ok) => !ok).length;
  context.write(`${results.length - failed} checks passed, ${failed} failed\n`);
  return failed === 0;
}
