import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { chaosScenarios } from './scenarios.js';

test('every scenario has a name of its own, names the rows it proves and is explained', async () => {
  const names = chaosScenarios.map((scenario) => scenario.name);
  expect(new Set(names).size).toBe(names.length);
  const readme = await readFile(path.join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
  for (const { name, rows, title, whole } of chaosScenarios) {
    for (const row of rows) expect(row).toMatch(/^[RADM]\d{1,2}$/);
    expect(title).not.toBe('');
    expect(Object.keys(whole).length).toBeGreaterThan(0);
    expect(readme).toContain(`\`${name}\``);
  }
});
