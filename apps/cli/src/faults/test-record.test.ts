import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { keepTestResults, readTestRecord } from './test-record.js';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'turnpike-record-'));
});
afterEach(() => rm(directory, { recursive: true }));

function run(file: string, ...tests: readonly (readonly [title: string, status: string])[]) {
  const assertionResults = tests.map(([title, status]) => ({ ancestorTitles: ['group'], title, status }));
  return { testResults: [{ name: `/clone/${file}`, endTime: 0, assertionResults }] };
}

test('a run of one file leaves what is known of others, a new run of a file replaces it', async () => {
  const file = path.join(directory, 'data', 'last.json');
  await keepTestResults(file, '/clone', run('a.test.ts', ['one', 'passed'], ['two', 'failed']));
  await keepTestResults(file, '/clone', run('b.test.ts', ['three', 'passed']));
  await keepTestResults(file, '/clone', run('a.test.ts', ['one', 'failed']));
  const { files } = await readTestRecord(file);
  expect(files['a.test.ts']?.tests).toEqual([{ name: 'group \u203a one', status: 'failed' }]);
  expect(files['b.test.ts']?.tests).toEqual([{ name: 'group \u203a three', status: 'passed' }]);
});

test('tests that were left out keep their result', async () => {
  const file = path.join(directory, 'last.json');
  await keepTestResults(file, '/clone', run('a.test.ts', ['one', 'passed'], ['two', 'passed']));
  await keepTestResults(file, '/clone', run('a.test.ts', ['one', 'pending'], ['two', 'failed']));
  const { files } = await readTestRecord(file);
  expect(files['a.test.ts']?.tests).toEqual([
    { name: 'group \u203a one', status: 'passed' },
    { name: 'group \u203a two', status: 'failed' },
  ]);
});

test('without a run there is an empty record', async () => {
  expect(await readTestRecord(path.join(directory, 'none.json'))).toEqual({ files: {} });
});
