import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { appErrorCodes } from '@turnpike/core/app-error.js';
import { permissions, permissionsOfRole, roles } from '@turnpike/contracts/permissions.js';
import { statusOf } from '@turnpike/runtime/http/problem.js';
import { contractEndpoints } from '@turnpike/testkit/contract-endpoints.js';
import { root, sourceFiles, type SourceFile } from './source-files.js';

const CODE = ['packages', 'apps', 'loadtest'];
const CRUISE_MS = 180_000;
/** Two thousand files are parsed, on a machine that does other things as well. */
const READ_MS = 180_000;

const cruiseResult = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

/** Runs the program that `npm run check` runs; it ends with the number of violations as its exit code. */
async function cruise(cwd: string, folders: readonly string[]) {
  const program = path.join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const args = [program, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders];
  const options = { cwd, maxBuffer: 2 ** 28, timeout: CRUISE_MS };
  const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, args, options, (_error, out, errors) => resolve({ stdout: out, stderr: errors }));
  });
  if (!stdout.startsWith('{')) throw new Error(`dependency-cruiser gave no result: ${stderr}`);
  return cruiseResult.parse(JSON.parse(stdout)).summary;
}

describe('arrows', () => {
  test(
    'nothing in the repository imports what it must not',
    async () => {
      const folders = ['packages/*/src', 'apps/*/src', 'loadtest/src', 'tests'];
      const { violations, totalCruised } = await cruise(root, folders);
      expect(violations).toEqual([]);
      expect(totalCruised).toBeGreaterThan(300);
    },
    CRUISE_MS,
  );

  test(
    'every rule catches an import that breaks it',
    async () => {
      const folder = await mkdtemp(path.join(tmpdir(), 'turnpike-arrows-'));
      try {
        await writeFiles(folder, await wrongRepository());
        await cp(path.join(root, '.dependency-cruiser.cjs'), path.join(folder, '.dependency-cruiser.cjs'));
        const { violations } = await cruise(folder, ['packages', 'apps', 'loadtest']);
        const caught = violations.map(({ rule, from }) => `${rule.name}: ${from}`);
        expect(caught).toEqual(expect.arrayContaining(WRONG.map(({ rule, from }) => `${rule}: ${from}`)));
        expect([...new Set(WRONG.map(({ rule }) => rule))].sort()).toEqual(rulesOfConfig());
        expect(violations.filter(({ from }) => from.includes('allowed'))).toEqual([]);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    CRUISE_MS,
  );
});

/** One breach of each rule: who imports what. */
const WRONG: readonly { rule: string; from: string; imports: string }[] = [
  { rule: 'arrows-of-core', from: 'packages/core/src/a.ts', imports: '../../contracts/src/target.js' },
  { rule: 'arrows-of-contracts', from: 'packages/contracts/src/a.ts', imports: '../../runtime/src/target.js' },
  { rule: 'arrows-of-radius', from: 'packages/radius/src/a.ts', imports: '../../db/src/target.js' },
  { rule: 'arrows-of-routeros', from: 'packages/routeros/src/a.ts', imports: '../../runtime/src/target.js' },
  { rule: 'arrows-of-db', from: 'packages/db/src/a.ts', imports: '../../features/src/target.js' },
  { rule: 'arrows-of-queue', from: 'packages/queue/src/a.ts', imports: '../../features/src/target.js' },
  { rule: 'arrows-of-runtime', from: 'packages/runtime/src/a.ts', imports: '../../queue/src/target.js' },
  { rule: 'arrows-of-stores', from: 'packages/stores/src/a.ts', imports: '../../runtime/src/target.js' },
  { rule: 'arrows-of-features', from: 'packages/features/src/a.ts', imports: '../../../apps/api/src/target.js' },
  {
    rule: 'console-knows-only-contracts',
    from: 'apps/console/src/a.ts',
    imports: '../../../packages/features/src/target.js',
  },
  { rule: 'apps-are-separate', from: 'apps/worker/src/a.ts', imports: '../../api/src/target.js' },
  {
    rule: 'simulator-and-loadtest-know-no-product',
    from: 'apps/simulator/src/a.ts',
    imports: '../../../packages/features/src/target.js',
  },
  {
    rule: 'simulator-and-loadtest-know-no-product',
    from: 'loadtest/src/a.ts',
    imports: '../../packages/db/src/target.js',
  },
  { rule: 'testkit-only-in-tests', from: 'apps/api/src/a.ts', imports: '../../../packages/testkit/src/target.js' },
  {
    rule: 'stores-only-in-cli-and-tests',
    from: 'apps/api/src/b.ts',
    imports: '../../../packages/stores/src/target.js',
  },
  {
    rule: 'services-not-stores-of-others',
    from: 'packages/features/src/routers/a.ts',
    imports: '../customers/customer.store.js',
  },
  { rule: 'express', from: 'packages/features/src/routers/router.service.ts', imports: 'express' },
  { rule: 'bullmq-and-ioredis', from: 'packages/features/src/routers/b.ts', imports: 'bullmq' },
  { rule: 'bullmq-and-ioredis', from: 'apps/radius/src/a.ts', imports: 'ioredis' },
  { rule: 'prisma', from: 'packages/features/src/routers/c.ts', imports: '@prisma/client' },
  { rule: 'node-routeros', from: 'packages/features/src/routers/d.ts', imports: 'node-routeros' },
  { rule: 'pm2-is-a-program', from: 'apps/cli/src/a.ts', imports: 'pm2' },
  { rule: 'no-circular', from: 'packages/core/src/circle.ts', imports: './other-half.js' },
  { rule: 'resolvable', from: 'packages/core/src/nowhere.ts', imports: './not-there.js' },
];

/** The same kinds of import where they are right: a rule that refuses everything would be no rule. */
const ALLOWED: readonly { from: string; imports: string }[] = [
  { from: 'packages/contracts/src/allowed.ts', imports: '../../core/src/target.js' },
  { from: 'packages/runtime/src/http/allowed.ts', imports: 'express' },
  { from: 'packages/features/src/routers/allowed.routes.ts', imports: 'express' },
  { from: 'packages/queue/src/allowed.ts', imports: 'bullmq' },
  { from: 'packages/db/src/allowed.ts', imports: '@prisma/client' },
  { from: 'packages/routeros/src/allowed.ts', imports: 'node-routeros' },
  { from: 'packages/features/src/customers/allowed.ts', imports: './customer.store.js' },
  { from: 'apps/cli/src/allowed.ts', imports: '../../../packages/stores/src/target.js' },
  { from: 'packages/core/src/allowed.test.ts', imports: '../../testkit/src/target.js' },
];

async function wrongRepository(): Promise<Record<string, string>> {
  const source = (target: string): string => `import * as imported from '${target}';\nexport const used = imported;\n`;
  const files: Record<string, string> = {
    'package.json': '{ "name": "wrong", "type": "module" }',
    'tsconfig.json': '{ "compilerOptions": { "module": "nodenext", "moduleResolution": "nodenext" } }',
    'packages/core/src/other-half.ts': source('./circle.js'),
    'packages/features/src/customers/customer.store.ts': 'export const rows = 1;\n',
  };
  for (const name of ['core', 'contracts', 'db', 'runtime', 'queue', 'features', 'stores', 'testkit']) {
    files[`packages/${name}/src/target.ts`] = 'export const target = 1;\n';
  }
  files['apps/api/src/target.ts'] = 'export const target = 1;\n';
  for (const name of ['express', 'bullmq', 'ioredis', '@prisma/client', 'node-routeros', 'pm2']) {
    files[`node_modules/${name}/package.json`] = JSON.stringify({ name, version: '1.0.0', main: 'index.js' });
    files[`node_modules/${name}/index.js`] = 'module.exports = {};\n';
  }
  for (const { from, imports } of [...WRONG, ...ALLOWED]) files[from] = source(imports);
  return files;
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

function rulesOfConfig(): string[] {
  const config: unknown = createRequire(import.meta.url)(path.join(root, '.dependency-cruiser.cjs'));
  const { forbidden } = z.object({ forbidden: z.array(z.object({ name: z.string() })) }).parse(config);
  return forbidden.map(({ name }) => name).sort();
}

describe('places', () => {
  let files: SourceFile[];
  let product: SourceFile[];

  beforeAll(async () => {
    files = await sourceFiles([...CODE, 'tests']);
    product = files.filter(({ path: file }) => !/\.test\.ts$|^tests\/|^packages\/testkit\//.test(file));
    expect(product.length).toBeGreaterThan(250);
  }, READ_MS);

  const importersOf = (npmPackage: RegExp, among = product): string[] =>
    among.filter(({ imports }) => imports.some((name) => npmPackage.test(name))).map((file) => file.path);

  test.each([
    ['express', /^express$/, /^packages\/runtime\/src\/http\/|\.routes\.ts$|^apps\/api\//],
    ['bullmq', /^bullmq$/, /^packages\/(queue|runtime)\/src\//],
    ['ioredis', /^ioredis$/, /^packages\/(queue|runtime)\/src\//],
    ['the Prisma client', /^@prisma\//, /^packages\/db\/src\//],
    ['node-routeros', /^node-routeros(\/|$)/, /^packages\/routeros\/src\//],
    ['the codec radius', /^radius(\/|$)/, /^packages\/radius\/src\/(dictionary|.*codec)\.ts$/],
  ])('%s is imported only where it belongs', (_name, npmPackage, place) => {
    const importers = importersOf(npmPackage);
    expect(importers.length).toBeGreaterThan(0);
    expect(importers.filter((file) => !place.test(file))).toEqual([]);
  });

  test('PM2, which is AGPL, is imported nowhere, tests included', () => {
    expect(importersOf(/^(pm2|@pm2\/.*)(\/|$)/, files)).toEqual([]);
  });

  test('the environment is read only in the config.ts of a process', () => {
    const readers = product.filter(({ code }) => /\bprocess\s*(\?\.|\.)\s*env\b|\benv\b.*'node:process'/.test(code));
    expect(readers.length).toBeGreaterThan(3);
    const place = /^(apps\/[^/]+|loadtest)\/src\/config\.ts$/;
    expect(readers.map((file) => file.path).filter((file) => !place.test(file))).toEqual([]);
  });

  test('what npm test has set is read in one place of testkit', () => {
    const testkit = files.filter(({ path: file }) => /^(packages\/testkit|tests)\//.test(file));
    const readers = testkit.filter(({ code }) =>
      /\bprocess\.env\b/.test(code.replaceAll(/'[^'\n]*'|\/.*\/[a-z]*/g, '')),
    );
    expect(readers.map((file) => file.path)).toEqual(['packages/testkit/src/test-environment.ts']);
  });

  test('no file is a drawer for everything, none hides where a thing comes from', () => {
    const drawers = /(^|\/)(utils?|helpers?|common-utils|misc|index)\.tsx?$/;
    expect(files.map((file) => file.path).filter((file) => drawers.test(file))).toEqual([]);
    const barrel = /^export \* from /m;
    expect(product.filter(({ text }) => barrel.test(text)).map((file) => file.path)).toEqual([]);
  });

  test('a process begins in at most 40 lines', () => {
    const mains = product.filter(({ path: file }) => /^apps\/[^/]+\/src\/main\.ts$/.test(file));
    expect(mains.length).toBeGreaterThanOrEqual(5);
    expect(mains.filter(({ lines }) => lines > 40).map(({ path: file, lines }) => [file, lines])).toEqual([]);
  });
});

describe('contracts', () => {
  test('every endpoint says who may call it, and the table knows that permission', async () => {
    const endpoints = await contractEndpoints();
    expect(endpoints.length).toBeGreaterThan(50);
    const known: readonly string[] = [...permissions, 'signed-in', 'public'];
    expect(endpoints.filter(({ allow }) => !known.includes(allow))).toEqual([]);
    const open = endpoints.filter(({ allow }) => allow === 'public').map(({ method, path: url }) => `${method} ${url}`);
    expect(open.sort()).toEqual([
      'get /health/live',
      'get /health/ready',
      'get /portal/packages',
      'get /portal/purchases/{reference}',
      'get /portal/session',
      'post /auth/login',
      'post /bootstrap/{token}',
      'post /notifications/sms-opt-out/{token}',
      'post /payments/mpesa/callback/{token}',
      'post /payments/mpesa/confirmation/{token}',
      'post /payments/mpesa/validation/{token}',
      'post /payments/paybill/confirmation/{token}',
      'post /payments/paybill/validation/{token}',
      'post /portal/login',
      'post /portal/purchases',
      'post /portal/vouchers/redeem',
    ]);
  });

  test('every permission is asked for by some endpoint and held by some role', async () => {
    const asked = new Set((await contractEndpoints()).map(({ allow }): string => allow));
    expect(permissions.filter((permission) => !asked.has(permission))).toEqual([]);
    expect(permissions.filter((one) => !roles.some((role) => permissionsOfRole[role].has(one)))).toEqual([]);
  });

  test('no two endpoints answer to the same method and path', async () => {
    const keys = (await contractEndpoints()).map(
      ({ method, path: url }) => `${method} ${url.replaceAll(/\{\w+\}/g, '{}')}`,
    );
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  test('every error code has an HTTP status that is an error', () => {
    for (const code of appErrorCodes) {
      expect([code, statusOf(code) >= 400 && statusOf(code) < 600]).toEqual([code, true]);
    }
  });
});
