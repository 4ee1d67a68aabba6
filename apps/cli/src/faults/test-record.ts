import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readJson } from '../json-file.js';

/** Between a test and the groups it is in. */
export const SEPARATOR = ' \u203a ';

const outcome = z.object({ name: z.string(), status: z.enum(['passed', 'failed']) });
const record = z.object({
  files: z.record(z.string(), z.object({ ranAt: z.string(), tests: z.array(outcome) })),
});

/** The last result of every test, by file. Runs of single files are added to what is known of the others. */
export type TestRecord = z.output<typeof record>;

/** The part of jest's `--json` that is kept. */
export const jestTestResults = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      endTime: z.number(),
      assertionResults: z.array(
        z.object({ ancestorTitles: z.array(z.string()), title: z.string(), status: z.string() }),
      ),
    }),
  ),
});

export async function readTestRecord(file: string): Promise<TestRecord> {
  return (await readJson(file, record)) ?? { files: {} };
}

/** Adds a run of jest to the record in `file`. Tests that were skipped keep the result they had. */
export async function keepTestResults(
  file: string,
  root: string,
  results: z.output<typeof jestTestResults>,
): Promise<void> {
  const { files } = await readTestRecord(file);
  for (const { name, endTime, assertionResults } of results.testResults) {
    const key = path.relative(root, name).split(path.sep).join('/');
    const ran = assertionResults.flatMap(({ ancestorTitles, title, status }) => {
      const test = outcome.safeParse({ name: [...ancestorTitles, title].join(SEPARATOR), status });
      return test.success ? [test.data] : [];
    });
    const names = new Set(ran.map((test) => test.name));
    const wasAllRun = ran.length === assertionResults.length;
    const before = wasAllRun ? [] : (files[key]?.tests ?? []).filter((test) => !names.has(test.name));
    if (ran.length > 0) files[key] = { ranAt: new Date(endTime).toISOString(), tests: [...before, ...ran] };
  }
  await mkdir(path.dirname(file), { recursive: true });
  // In one step, because other runs may be reading it.
  await writeFile(`${file}.${process.pid}`, `${JSON.stringify({ files })}\n`);
  await rename(`${file}.${process.pid}`, file);
}
