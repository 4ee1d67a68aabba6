import { jest } from '@jest/globals';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readApiConfig } from '../../apps/api/src/config.js';
import { readRadiusConfig } from '../../apps/radius/src/config.js';
import { readWorkerConfig } from '../../apps/worker/src/config.js';
import { filesBelow, root } from '../source-files.js';
import { deployDir, runProgram } from './deploy-run.js';

// Programs are started and waited for: on a busy machine that takes its time.
jest.setTimeout(120_000);

let work: string;

beforeAll(async () => {
  work = await mkdtemp(path.join(tmpdir(), 'turnpike-deploy-'));
});

afterAll(() => rm(work, { recursive: true, force: true }));

const makeSecrets = (...args: string[]) => runProgram(path.join(deployDir, 'make-secrets.sh'), args);

async function settingsIn(directory: string): Promise<Record<string, string>> {
  const text = await readFile(path.join(directory, 'turnpike.env'), 'utf8');
  return Object.fromEntries(
    [...text.matchAll(/^([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

test('every file is taken by the program that will read it, as far as those are installed here', async () => {
  const { status, stdout } = await runProgram(path.join(deployDir, 'validate.sh'), []);
  for (const line of stdout.split('\n').filter((text) => text.startsWith('not run'))) {
    process.stderr.write(`skipped: deploy/validate.sh: ${line}\n`);
  }
  expect([status, stdout.split('\n').filter((line) => line.startsWith('FAILED')), stdout]).toEqual([0, [], stdout]);
});

describe.each(['compose', 'machine'])('make-secrets.sh %s', (kind) => {
  test('writes settings that every process accepts as they are', async () => {
    const dir = path.join(work, `${kind}-settings`);
    expect(await makeSecrets(kind, dir)).toMatchObject({ status: 0 });
    const settings = await settingsIn(dir);
    expect(readApiConfig(settings)).toMatchObject({
      publicUrl: 'https://wifi.example.net',
      TRUST_PROXY: ['127.0.0.1'],
    });
    expect(readWorkerConfig(settings)).toMatchObject({ publicUrl: 'https://wifi.example.net' });
    expect(readRadiusConfig(settings)).toMatchObject({ RADIUS_HOST: '0.0.0.0' });
  });

  test('S8: makes files that only their owner can read, in a directory that only root enters', async () => {
    const dir = path.join(work, `${kind}-modes`);
    await makeSecrets(kind, dir);
    const modes = await Promise.all(
      (await readdir(dir)).map(async (name) => (await stat(path.join(dir, name))).mode & 0o777),
    );
    expect(modes.length).toBeGreaterThan(3);
    expect(modes.every((mode) => mode === 0o600)).toBe(true);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
  });

  test('S8: makes other secrets each time, and never the same one twice', async () => {
    const dirs = ['first', 'second'].map((name) => path.join(work, `${kind}-${name}`));
    for (const dir of dirs) await makeSecrets(kind, dir);
    const texts = (await Promise.all(dirs.map((dir) => readFile(path.join(dir, 'turnpike.env'), 'utf8')))).join('\n');
    const secrets = [...texts.matchAll(/(?:=|:)([0-9a-f]{48,64})(?:@|$)/gm)].map(([, secret]) => secret);
    expect(secrets).toHaveLength(16);
    expect(new Set(secrets).size).toBe(16);
  });

  test('overwrites nothing: it ends with an error and leaves every file as it was', async () => {
    const dir = path.join(work, `${kind}-again`);
    await makeSecrets(kind, dir);
    const before = await readFile(path.join(dir, 'turnpike.env'), 'utf8');
    const again = await makeSecrets(kind, dir);
    expect(again.status).toBe(1);
    expect(again.stderr).toContain('nothing was changed');
    expect(await readFile(path.join(dir, 'turnpike.env'), 'utf8')).toBe(before);
  });
});

test('every variable that the settings file and compose.yaml name is read by some process', async () => {
  const dir = path.join(work, 'names');
  await makeSecrets('machine', dir);
  await makeSecrets('compose', `${dir}-compose`);
  const compose = await readFile(path.join(deployDir, 'compose.yaml'), 'utf8');
  const inCompose = [...compose.matchAll(/environment: \{ ([^}]*) \}/g)].flatMap(
    ([, inner = '']) => inner.match(/[A-Z_]+(?=:)/g) ?? [],
  );
  const names = new Set([
    ...Object.keys(await settingsIn(dir)),
    ...Object.keys(await settingsIn(`${dir}-compose`)),
    ...inCompose,
  ]);
  const below = (await Promise.all(['apps', 'packages'].map(filesBelow))).flat();
  const readers = below.filter((file) => /\/src\/(.*\/)?(config|environment-settings)\.ts$/.test(file));
  const texts = await Promise.all(readers.map((file) => readFile(path.join(root, file), 'utf8')));
  const firstStart = await readFile(path.join(deployDir, 'docker/first-start.mjs'), 'utf8');
  const readable = [...texts, firstStart].join('\n');
  expect(names.size).toBeGreaterThan(25);
  expect([...names].filter((name) => !new RegExp(`\\b${name}\\b`).test(readable))).toEqual([]);
});

test('the image is given every workspace, and each role that compose.yaml starts exists', async () => {
  const dockerfile = await readFile(path.join(deployDir, 'docker/Dockerfile'), 'utf8');
  const workspaces = (
    await Promise.all(
      ['packages', 'apps'].map(async (group) =>
        (await readdir(path.join(root, group))).map((name) => `${group}/${name}`),
      ),
    )
  ).flat();
  expect(
    workspaces.filter((workspace) => !dockerfile.includes(`COPY ${workspace}/package.json ${workspace}/`)),
  ).toEqual([]);
  const compose = await readFile(path.join(deployDir, 'compose.yaml'), 'utf8');
  const programs = [...compose.matchAll(/(apps\/\w+)\/dist\/main\.js/g)].map(([, app]) => app ?? '');
  expect(new Set(programs)).toEqual(new Set(['apps/api', 'apps/worker', 'apps/radius']));
});

test('the `turnpike` command of a machine hands settings on as they are, spaces and signs included', async () => {
  const home = path.join(work, 'home');
  const settings = path.join(work, 'turnpike.env');
  await runProgram('mkdir', ['-p', path.join(home, 'apps/cli/dist')]);
  await writeFile(
    path.join(home, 'apps/cli/dist/main.js'),
    'process.stdout.write(JSON.stringify([process.env.PORTAL_NAME, process.env.DARAJA_PASSKEY, ...process.argv.slice(2)]))',
  );
  await writeFile(settings, '# a comment\nPORTAL_NAME=Mama Njeri\'s WiFi $HOME `id`\nDARAJA_PASSKEY=a=b"c\n');
  const script = await readFile(path.join(deployDir, 'systemd/turnpike.sh'), 'utf8');
  // The account of the service does not exist here: what comes before it is what is tried.
  const asAnybody = script.replace(/^exec setpriv .*? node/m, 'exec node');
  const ran = await runProgram('sh', ['-s', 'router', 'list'], {
    input: asAnybody,
    env: { TURNPIKE_SETTINGS: settings, TURNPIKE_HOME: home },
  });
  expect(JSON.parse(ran.stdout)).toEqual(["Mama Njeri's WiFi $HOME `id`", 'a=b"c', 'router', 'list']);
});
