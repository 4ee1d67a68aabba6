import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deployMigrations } from '@turnpike/db/migrate/migrate-deploy.js';
import pg from 'pg';
import { z } from 'zod';
import type { CliContext } from './cli-context.js';
import { jestTestResults, keepTestResults } from './faults/test-record.js';
import { readJson } from './json-file.js';
import { runInTerminal } from './run-in-terminal.js';
import { type TemporaryStores, withTemporaryStores } from './temporary-stores.js';

const TEMPLATE = 'turnpike_template';

const jestResults = jestTestResults.extend({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  numRuntimeErrorTestSuites: z.number(),
});

/** A database with all migrations that test files copy for themselves. */
async function makeTemplate(context: CliContext, postgresUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${TEMPLATE}`);
  } finally {
    await client.end();
  }
  const url = new URL(postgresUrl);
  url.pathname = `/${TEMPLATE}`;
  await deployMigrations({ url: url.href, dir: path.join(context.config.root, 'prisma', 'migrations') });
}

/** The user's own servers must never be touched by a test. */
function testEnvironment(full: Readonly<Record<string, string>>, stores: TemporaryStores): Record<string, string> {
  const kept = Object.entries(full).filter(([name]) => !/^(DATABASE_URL|REDIS_.*_URL|TURNPIKE_DATA)$/.test(name));
  return {
    ...Object.fromEntries(kept),
    NODE_ENV: 'test',
    TEST_DATABASE_URL: stores.postgresUrl,
    TEST_TEMPLATE_DATABASE: TEMPLATE,
    TEST_REDIS_DURABLE_URL: stores.redisDurableUrl,
    TEST_REDIS_CACHE_URL: stores.redisCacheUrl,
  };
}

async function runJest(context: CliContext, stores: TemporaryStores, args: readonly string[]): Promise<boolean> {
  const { config, layout, write } = context;
  const outputDir = await mkdtemp(path.join(tmpdir(), 'turnpike-jest-'));
  const outputFile = path.join(outputDir, 'results.json');
  try {
    const jest = path.join(config.root, 'node_modules', 'jest', 'bin', 'jest.js');
    const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest];
    const status = await runInTerminal({
      args: [...node, '--json', '--outputFile', outputFile, ...args],
      cwd: config.root,
      env: testEnvironment(config.fullEnvironment, stores),
    });
    const results = await readJson(outputFile, jestResults);
    if (results !== undefined) await keepTestResults(layout.lastTestRun, config.root, results);
    write(summary(results, status));
    return status === 0;
  } finally {
    await rm(outputDir, { recursive: true, force: true });
  }
}

function summary(results: z.infer<typeof jestResults> | undefined, status: number): string {
  if (results === undefined) return `jest ended with status ${status} and without results\n0 passed, 1 failed\n`;
  const skipped = results.numPendingTests + results.numTodoTests;
  const skippedLine = skipped === 0 ? '' : `${results.numPendingTests} skipped, ${results.numTodoTests} to do\n`;
  const counted = results.numFailedTests + results.numRuntimeErrorTestSuites;
  const failed = status === 0 ? counted : Math.max(1, counted);
  return `${skippedLine}${results.numPassedTests} passed, ${failed} failed\n`;
}

/** The test suite on stores of its own; false when a test failed. `args` go to jest. */
export function runTests(context: CliContext, args: readonly string[]): Promise<boolean> {
  const started = performance.now();
  return withTemporaryStores(context, { redis: true }, async (stores) => {
    await makeTemplate(context, stores.postgresUrl);
    context.write(`stores for the tests are up after ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
    return runJest(context, stores, args);
  });
}
