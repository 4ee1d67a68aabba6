import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { contractEndpoints } from '@turnpike/testkit/contract-endpoints.js';
import { filesBelow, root } from './source-files.js';

/** What people outside call; see the scripts of package.json. */
const COMMANDS = [
  'start',
  'stop',
  'status',
  'doctor',
  'test',
  'check',
  'demo',
  'simulator',
  'loadtest',
  'loadtest:prepare',
];

let readme: string;
let scripts: string[];
let documents: string[];

beforeAll(async () => {
  readme = await read('README.md');
  scripts = Object.keys(
    z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(await read('package.json'))).scripts,
  );
  const below = await Promise.all(['deploy', 'loadtest'].map(filesBelow));
  documents = ['README.md', ...below.flat().filter((file) => /\.md$/.test(file))].filter(
    (file) => !file.includes('/results/'),
  );
});

function read(file: string): Promise<string> {
  return readFile(path.join(root, file), 'utf8');
}

/** `npm start`, `npm stop` and `npm test` need no `run`. */
function npmScripts(text: string): string[] {
  return [...text.matchAll(/\bnpm (?:run ([a-z:]+)|(start|stop|test)\b)/g)].map(([, ran, short]) => ran ?? short ?? '');
}

describe('README', () => {
  test('every npm script that a document names exists', async () => {
    for (const document of documents) {
      expect([document, npmScripts(await read(document)).filter((name) => !scripts.includes(name))]).toEqual([
        document,
        [],
      ]);
    }
    expect(npmScripts(readme).length).toBeGreaterThan(6);
  });

  test('every command that people rely on exists and is explained', () => {
    expect(COMMANDS.filter((name) => !scripts.includes(name))).toEqual([]);
    expect(COMMANDS.filter((name) => !npmScripts(readme).includes(name))).toEqual([]);
  });

  test('every variable of its configuration table is read by some process', async () => {
    // What can be set in the console as well is one list for all processes, and so is what OpenTelemetry names.
    const folders = ['apps', 'loadtest', 'packages/features/src/settings', 'packages/runtime/src/tracing'];
    const files = await Promise.all(folders.map(filesBelow));
    const configs = files
      .flat()
      .filter((file) =>
        /^[^/]+(\/[^/]+)?\/src\/config\.ts$|\/(environment-settings|tracing-environment)\.ts$/.test(file),
      );
    const readable = (await Promise.all(configs.map(read))).join('\n');
    const variables = tableOf(readme, 'Configuration').flatMap((cells) =>
      [...(cells[0] ?? '').matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, name]) => name ?? ''),
    );
    expect(variables.length).toBeGreaterThan(10);
    expect(variables.filter((name) => !new RegExp(`^\\s+${name}:`, 'm').test(readable))).toEqual([]);
  });

  test('the endpoints it names exist', async () => {
    const known = (await contractEndpoints()).map(
      ({ method, path: url }) => `${method.toUpperCase()} ${url.replaceAll(/\{\w+\}/g, ':id')}`,
    );
    const named = [...readme.matchAll(/\b(GET|POST|PATCH|DELETE) (?:\/api\/v1)?(\/[a-z:][\w:/.-]*)/g)].map(
      ([, method, url]) => `${method} ${url}`,
    );
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });
});

test('every link to a file of this repository leads somewhere', async () => {
  for (const document of documents) {
    const links = [...(await read(document)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '');
    const files = links.filter((target) => !/^([a-z]+:|#)/.test(target)).map((target) => target.replace(/#.*$/, ''));
    for (const target of files) {
      const there = await access(path.join(root, path.dirname(document), target)).then(
        () => true,
        () => false,
      );
      expect([document, target, there]).toEqual([document, target, true]);
    }
  }
});

/** The rows of the first table below a heading, as cells. */
function tableOf(markdown: string, heading: string): string[][] {
  const section = markdown.split(new RegExp(`^## ${heading}$`, 'm'))[1]?.split(/^## /m)[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((line) => line.split('|').slice(1, -1));
}
