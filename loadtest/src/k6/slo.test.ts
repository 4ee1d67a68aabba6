import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { figuresOf, readSlo, type Bound } from './slo.js';
import { k6Scenarios } from './scenarios.js';

const root = path.resolve(import.meta.dirname, '..', '..', '..');
const scripts = path.join(root, 'loadtest', 'k6');

test('every scenario has its bounds in slo.json, each with a limit', async () => {
  for (const name of Object.keys(k6Scenarios)) {
    const bounds = await readSlo(root, name);
    expect([name, bounds.length > 0]).toEqual([name, true]);
    expect(bounds.filter(({ atMost, atLeast }) => (atMost === undefined) === (atLeast === undefined))).toEqual([]);
    expect(bounds.filter(({ metric, stat }) => (metric === undefined) !== (stat === undefined))).toEqual([]);
  }
  await expect(readSlo(root, 'no such scenario')).rejects.toThrow('has no bounds for no such scenario');
});

test('no script has a threshold that is not from slo.json, and each that k6 runs has those', async () => {
  const files = (await readdir(scripts)).filter((name) => name.endsWith('.js'));
  const texts = await Promise.all(files.map(async (name) => [name, await readFile(path.join(scripts, name), 'utf8')]));
  const running = texts.filter(([, text = '']) => text.includes('export const options'));
  expect(running.length).toBeGreaterThan(5);
  for (const [name, text = ''] of running) {
    expect([name, /thresholds: (?:\{ \.\.\.)?thresholdsOf\(/.test(text)]).toEqual([name, true]);
  }
  for (const [name, text = ''] of texts) {
    expect([name, name !== 'slo.js' && /['"`](?:p\(|rate|count|avg|max)[^'"`]*[<>=]/.test(text)]).toEqual([
      name,
      false,
    ]);
  }
});

test('a figure is what k6 measured or what the program did; what nobody measured is not taken for held', () => {
  const bounds: Bound[] = [
    { figure: 'fast', unit: 'ms', metric: 'http_req_duration', stat: 'p(95)', atMost: 50 },
    { figure: 'wrong', unit: '', metric: 'wrong_answers', stat: 'count', atMost: 0 },
    { figure: 'hits', unit: '%', atLeast: 60 },
    { figure: 'forgotten', unit: '%', atLeast: 60 },
  ];
  expect(figuresOf(bounds, { http_req_duration: { 'p(95)': 12 } }, { hits: 80 })).toEqual([
    { name: 'fast', value: 12, unit: 'ms', atMost: 50 },
    { name: 'wrong', value: 0, unit: '', atMost: 0 },
    { name: 'hits', value: 80, unit: '%', atLeast: 60 },
    { name: 'forgotten', value: Number.NaN, unit: '%', atLeast: 60 },
  ]);
});
