import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crashLabels } from '@turnpike/core/crash-points.js';
import { createCrashPoints } from './crash-files.js';

let directory: string;
let deaths = 0;
let warnings = 0;

const logger = { warn: () => void (warnings += 1) };
const open = (from: string | undefined = directory) =>
  createCrashPoints({ directory: from, logger, die: () => void (deaths += 1) });

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'turnpike-crash-files-'));
  deaths = 0;
  warnings = 0;
});

afterEach(() => rm(directory, { recursive: true, force: true }));

test('a process dies once at a point that is armed, and nowhere else', async () => {
  const points = open();
  for (const label of crashLabels) points.pass(label);
  expect(deaths).toBe(0);
  await writeFile(path.join(directory, 'worker.push-answered'), '');
  points.pass('worker.push-noted');
  expect(deaths).toBe(0);
  points.pass('worker.push-answered');
  points.pass('worker.push-answered');
  expect(deaths).toBe(1);
  expect(await readdir(directory)).toEqual([]);
});

test('of several processes that pass an armed point one dies', async () => {
  const processes = [open(), open(), open()];
  await writeFile(path.join(directory, 'api.callback-kept'), '');
  for (const points of processes) points.pass('api.callback-kept');
  expect(deaths).toBe(1);
});

test('without a directory nothing happens, and nothing is said', () => {
  const points = createCrashPoints({ directory: undefined, logger });
  for (const label of crashLabels) points.pass(label);
  expect(warnings).toBe(0);
});

test('a directory that others may write to is refused, as is one that is not there; a fit one is logged', async () => {
  open();
  expect(warnings).toBe(1);
  expect(() => open(path.join(directory, 'missing'))).toThrow('is not a directory that this process can use');
  await chmod(directory, 0o777);
  expect(() => open()).toThrow('can be written by other users');
});
