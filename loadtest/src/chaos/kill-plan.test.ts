import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { crashLabels } from '@turnpike/core/crash-points.js';
import { countKills, KILL_PLAN, planOf } from './kill-plan.js';

const labelsOf = (plan: ReturnType<typeof planOf>) =>
  plan.flatMap((kill) => (kill.kind === 'point' ? [kill.label] : (kill.meanwhile ?? [])));

test('the plan has every crash point once and every store', () => {
  expect(labelsOf([...KILL_PLAN]).sort()).toEqual([...crashLabels].sort());
  const stores = KILL_PLAN.flatMap((kill) => (kill.kind === 'store' ? [kill.store] : []));
  expect(stores.sort()).toEqual(['postgres', 'redis cache', 'redis durable']);
  expect(countKills(KILL_PLAN)).toBe(20);
});

test('fewer kills are the first of the plan, more begin it again', () => {
  expect(planOf(20)).toEqual(KILL_PLAN);
  expect(planOf(3)).toEqual(KILL_PLAN.slice(0, 3));
  expect(countKills(planOf(45))).toBeGreaterThanOrEqual(45);
});

test('every crash point is somewhere in the code', async () => {
  const features = path.join(import.meta.dirname, '..', '..', '..', 'packages', 'features', 'src');
  const files = (await readdir(features, { recursive: true })).filter((file) => /(?<!\.test)\.ts$/.test(file));
  const code = await Promise.all(files.map((file) => readFile(path.join(features, file), 'utf8')));
  for (const label of crashLabels) expect(code.filter((text) => text.includes(`pass('${label}')`))).toHaveLength(1);
});
