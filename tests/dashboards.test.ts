import { execFile } from 'node:child_process';
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { dashboardFiles } from './prometheus-names.js';
import { root } from './source-files.js';

const run = promisify(execFile);
const panel = z.object({
  id: z.number(),
  type: z.enum(['row', 'timeseries', 'stat', 'bargauge']),
  title: z.string().min(3),
  description: z.string().min(3).optional(),
  fieldConfig: z
    .object({ defaults: z.object({ unit: z.string(), thresholds: z.object({ steps: z.array(z.object({})) }) }) })
    .optional(),
  links: z.array(z.object({ url: z.string() })).default([]),
  targets: z.array(z.object({ expr: z.string().min(5), legendFormat: z.string() })).default([]),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
});
const dashboard = z.object({ uid: z.string().max(40), title: z.string(), panels: z.array(panel) });

async function dashboards() {
  return (await dashboardFiles()).map(({ name, text }) => ({ name, ...dashboard.parse(JSON.parse(text)) }));
}

describe('the dashboards', () => {
  test('are what their script writes', async () => {
    await run(process.execPath, ['scripts/build-dashboards.mjs', '--check'], { cwd: root });
  });

  test('are the seven that are named in the overview of deploy, each known by its file', async () => {
    const all = await dashboards();
    expect(all.map(({ uid }) => `${uid}.json`)).toEqual(all.map(({ name }) => name));
    expect(all.map(({ uid }) => uid.replace('turnpike-', ''))).toEqual([
      'api',
      'overview',
      'payments',
      'queues',
      'radius',
      'routers',
      'stores',
    ]);
  });

  test('have panels that say what they show, in a unit, with a legend where there are several lines', async () => {
    for (const { name, panels } of await dashboards()) {
      const shown = panels.filter(({ type }) => type !== 'row');
      expect(shown.length).toBeGreaterThan(8);
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      for (const { title, description, fieldConfig, targets } of shown) {
        expect([name, title, description === undefined, fieldConfig === undefined]).toEqual([
          name,
          title,
          false,
          false,
        ]);
        expect([name, title, targets.length > 0]).toEqual([name, title, true]);
        if (targets.length === 1) continue;
        expect([name, title, targets.filter(({ legendFormat }) => legendFormat === '')]).toEqual([name, title, []]);
      }
    }
  });

  test('have no panel upon another, nor beyond the edge', async () => {
    for (const { name, panels } of await dashboards()) {
      const taken = new Set<string>();
      for (const { title, gridPos } of panels) {
        expect([name, title, gridPos.x + gridPos.w <= 24]).toEqual([name, title, true]);
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
            expect([name, title, taken.has(`${x} ${y}`)]).toEqual([name, title, false]);
            taken.add(`${x} ${y}`);
          }
        }
      }
    }
  });

  test('lead to runbooks that exist', async () => {
    const links = (await dashboards()).flatMap(({ panels }) => panels.flatMap((each) => each.links));
    expect(links.length).toBeGreaterThan(50);
    const files = new Set(links.map(({ url }) => url.replace('${runbooks}/', '')));
    for (const file of files)
      await expect(access(path.join(root, 'deploy', 'runbooks', file))).resolves.toBeUndefined();
  });

  test('are found where Grafana is told to look, with the Prometheus that it is told of', async () => {
    const read = (file: string) => readFile(path.join(root, 'deploy', 'grafana', 'provisioning', file), 'utf8');
    expect(await read('dashboards/turnpike.yml')).toContain('path: /var/lib/grafana/dashboards');
    expect(await read('datasources/prometheus.yml')).toContain('url: http://127.0.0.1:9090');
    const scraped = await readFile(path.join(root, 'deploy', 'prometheus', 'prometheus.yml'), 'utf8');
    const interval = /scrape_interval: (\d+s)/.exec(scraped)?.[1];
    expect(await read('datasources/prometheus.yml')).toContain(`timeInterval: ${interval}`);
  });
});
