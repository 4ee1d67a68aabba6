import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, constants, mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { withLock } from './prepare-lock.mjs';
import { consoleIsFresh } from './build-console.mjs';
import { buildIsFresh, rememberBuild } from './build-stamp.mjs';

const hashOf = async (file) =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
const textOf = (file) => readFile(file, 'utf8').catch(() => undefined);

/** npm explains all its options after the reason; the reason comes first. */
function firstLines(text) {
  return text.trim().split('\n').slice(0, 30).join('\n');
}

/** Runs a program; its output is shown only when it fails. */
function run(title, command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${firstLines(Buffer.concat(output).toString())}\n${title} failed (status ${code})`));
    });
  });
}

/** npm keeps its cache in the home directory; a service account has none that it can write to. */
async function npmEnvironment() {
  const home = process.env.HOME;
  const usable =
    home !== undefined &&
    (await access(home, constants.W_OK).then(
      () => true,
      () => false,
    ));
  return usable
    ? process.env
    : { ...process.env, npm_config_cache: path.join(tmpdir(), `npm-${process.getuid?.() ?? 0}`) };
}

function dependencies(root) {
  const lock = path.join(root, 'package-lock.json');
  const stamp = path.join(root, 'node_modules/.turnpike-lock');
  return {
    title: 'dependencies (npm ci)',
    isFresh: async () => (await textOf(stamp)) === (await hashOf(lock)),
    work: async () => {
      // No package of ours needs its install script, and some of them would download from hosts that may be out of reach.
      const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--no-progress'];
      const npm = process.env.npm_execpath;
      const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
      const env = await npmEnvironment();
      await run('npm ci', command, [...first, ...args], { cwd: root, env: { ...env, NODE_ENV: 'development' } });
      await writeFile(stamp, await hashOf(lock));
    },
  };
}

function prismaClient(root) {
  const stamp = path.join(root, 'node_modules/.cache/turnpike/prisma-client');
  const output = path.join(root, 'packages/db/src/generated/client.ts');
  const state = async () => {
    const hashes = await Promise.all(
      ['prisma/schema.prisma', 'package-lock.json'].map((file) => hashOf(path.join(root, file))),
    );
    return hashes.join('\n');
  };
  return {
    title: 'database client (prisma generate)',
    isFresh: async () => (await textOf(stamp)) === (await state()) && (await textOf(output)) !== undefined,
    work: async () => {
      const before = await state();
      await run('prisma generate', process.execPath, [path.join(root, 'scripts/generate.mjs')], { cwd: root });
      await mkdir(path.dirname(stamp), { recursive: true });
      await writeFile(stamp, before);
    },
  };
}

function build(root) {
  return {
    title: 'build',
    isFresh: () => buildIsFresh(root),
    work: async () => {
      await run('build', process.execPath, [path.join(root, 'scripts/build.mjs')], { cwd: root });
      await rememberBuild(root);
    },
  };
}

function operatorConsole(root) {
  return {
    title: 'console (vite build)',
    isFresh: consoleIsFresh,
    work: () => run('vite build', process.execPath, [path.join(root, 'scripts/build-console.mjs')], { cwd: root }),
  };
}

/** Brings dependencies, the generated database client, the build and the console up to date; takes no time when they are. */
export async function prepare({ root, log }) {
  for (const step of [dependencies(root), prismaClient(root), build(root), operatorConsole(root)]) {
    if (await step.isFresh()) continue;
    await withLock(path.join(root, '.data/prepare.lock'), log, async () => {
      if (await step.isFresh()) return;
      const started = Date.now();
      log(`  ...  ${step.title}`);
      await step.work();
      log(`   ok  ${step.title}  ${((Date.now() - started) / 1000).toFixed(1)} s`);
    });
  }
}
