import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from './source-files.js';

const PROMETHEUS = path.join(root, 'deploy', 'prometheus');
const DASHBOARDS = path.join(root, 'deploy', 'grafana', 'dashboards');

/** Metrics that Prometheus makes by itself. */
const OF_PROMETHEUS = new Set(['up', 'ALERTS', 'scrape_duration_seconds', 'scrape_samples_scraped']);
const NAME = /\b(?:turnpike|nodejs|process)_[a-z0-9_]+\b|\bup\b/g;
const RECORDED = /\bturnpike:[a-z0-9_:]+/g;

/** Expressions of alerts and recording rules, all files together. */
export async function ruleFiles(): Promise<{ readonly name: string; readonly text: string }[]> {
  const folder = path.join(PROMETHEUS, 'rules');
  const names = (await readdir(folder)).sort();
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(path.join(folder, name), 'utf8') })));
}

export async function dashboardFiles(): Promise<{ readonly name: string; readonly text: string }[]> {
  const names = (await readdir(DASHBOARDS)).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(path.join(DASHBOARDS, name), 'utf8') })));
}

/** The texts that are PromQL: `expr` of rules, `expr` and `definition` of panels and variables. */
export function expressionsOf(file: { readonly name: string; readonly text: string }): string[] {
  if (file.name.endsWith('.json')) return valuesOf(JSON.parse(file.text), new Set(['expr', 'definition']));
  const block = /^ *expr:[ ]?(?:[|>]-?\n((?: {10,}.*\n)+)|(.*)\n)/gm;
  return [...file.text.matchAll(block)].map(([, many, one]) => many ?? one ?? '');
}

/** Names of metrics of processes that an expression asks for; `{__name__=~"turnpike_(api|worker)_x"}` stands for several. */
export function metricsIn(expression: string): string[] {
  const spelled = expression.replace(
    /\{__name__=~"(\w*)\(([\w|]+)\)(\w*)"/g,
    (_all, head, choices, tail) =>
      `${String(choices)
        .split('|')
        .map((choice) => `${String(head)}${choice}${String(tail)}`)
        .join(' ')} {`,
  );
  return [...new Set(spelled.match(NAME))].filter((name) => !OF_PROMETHEUS.has(name));
}

export function recordedIn(text: string): string[] {
  return [...new Set(text.match(RECORDED))];
}

function valuesOf(node: unknown, keys: ReadonlySet<string>): string[] {
  if (Array.isArray(node)) return node.flatMap((each: unknown) => valuesOf(each, keys));
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) =>
    keys.has(key) && typeof value === 'string' ? [value] : valuesOf(value, keys),
  );
}
