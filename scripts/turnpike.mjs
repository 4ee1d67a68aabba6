#!/usr/bin/env node
// Every npm command, and `npx turnpike`, starts here, also in a clone where nothing is installed yet: dependencies, Prisma client, build, then the CLI.
// Only Node's own modules may be imported before that.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepare } from './prepare.mjs';
import { requireNode } from './require-node.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

function runCli(args) {
  const child = spawn(process.execPath, ['--enable-source-maps', path.join(root, 'apps/cli/dist/main.js'), ...args], {
    stdio: 'inherit',
  });
  // The terminal sends Ctrl-C to both of us: the CLI decides when it is done, we only wait for it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => fail(error));
  child.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

function fail(error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

/** Commands that only look, stop or talk to a server work with what was built last: they must not install anything first. */
const AS_BUILT = new Set([
  'status',
  'down',
  'login',
  'logout',
  'router',
  'session',
  'customer',
  'voucher',
  'payment',
  'queue',
  'completion',
]);
/** Commands whose output is for programs. */
const QUIET = new Set(['simulator']);

async function main(command) {
  requireNode(process.versions.node);
  const isBuilt = existsSync(path.join(root, 'apps/cli/dist/main.js')) && existsSync(path.join(root, 'node_modules'));
  if (AS_BUILT.has(command) && isBuilt) return;
  await prepare({ root, log: QUIET.has(command) ? () => {} : (line) => process.stderr.write(`${line}\n`) });
}

try {
  await main(process.argv[2]);
  runCli(process.argv.slice(2));
} catch (error) {
  fail(error);
}
