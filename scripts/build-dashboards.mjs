// Writes the dashboards of Grafana into deploy/grafana/dashboards. `--check` writes nothing and fails when one is not what this
// would write. What is on them: scripts/dashboards/*.mjs.
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { api } from './dashboards/api.mjs';
import { overview } from './dashboards/overview.mjs';
import { payments } from './dashboards/payments.mjs';
import { queues } from './dashboards/queues.mjs';
import { radius } from './dashboards/radius.mjs';
import { routers } from './dashboards/routers.mjs';
import { stores } from './dashboards/stores.mjs';

const folder = fileURLToPath(new URL('../deploy/grafana/dashboards/', import.meta.url));
const isCheck = process.argv.includes('--check');

async function textOf(dashboard) {
  const file = path.join(folder, `${dashboard.uid}.json`);
  const options = await resolveConfig(file);
  return { file, text: await format(JSON.stringify(dashboard), { ...options, parser: 'json' }) };
}

async function isCurrent({ file, text }) {
  return (await readFile(file, 'utf8').catch(() => '')) === text;
}

const files = await Promise.all([overview, api, radius, queues, routers, payments, stores].map(textOf));
if (isCheck) {
  const names = new Set(files.map(({ file }) => path.basename(file)));
  const old = (
    await Promise.all(files.map(async (file) => ((await isCurrent(file)) ? [] : [path.basename(file.file)])))
  ).flat();
  const unknown = (await readdir(folder)).filter((name) => !names.has(name));
  if (old.length + unknown.length > 0) {
    process.stderr.write(
      `not what node scripts/build-dashboards.mjs writes, run it: ${[...old, ...unknown].join(', ')}\n`,
    );
    process.exitCode = 1;
  }
} else {
  await mkdir(folder, { recursive: true });
  await Promise.all(files.map(({ file, text }) => writeFile(file, text)));
  process.stdout.write(`${files.length} dashboards are written\n`);
}
