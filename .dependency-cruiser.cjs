/**
 * The arrows: apps -> features -> queue, db, radius, routeros, runtime -> contracts -> core. Tests may also import testkit
 * (and stores, which start real servers for them). An import of another workspace is resolved to what was built of it (dist),
 * so the check runs after a build.
 */
const LAYERS = {
  core: [],
  contracts: ['core'],
  radius: ['core', 'contracts'],
  routeros: ['core', 'contracts'],
  db: ['core', 'contracts'],
  queue: ['core', 'contracts', 'runtime'],
  runtime: ['core', 'contracts'],
  stores: ['core'],
  features: ['core', 'contracts', 'radius', 'routeros', 'db', 'queue', 'runtime'],
};
/** Tests and what only tests use. */
const TEST = '(\\.test|/test-[^/]+|-rig)\\.ts$';

const layers = Object.entries(LAYERS).map(([layer, allowed]) => ({
  name: `arrows-of-${layer}`,
  comment: `packages/${layer} may import only: ${allowed.join(', ') || 'nothing of ours'}`,
  severity: 'error',
  from: { path: `^packages/${layer}/src/`, pathNot: TEST },
  to: {
    path: '^(packages|apps|loadtest|tests)/',
    pathNot: [layer, ...allowed].map((name) => `^packages/${name}/(src|dist)/`),
  },
}));

function only(name, modules, places) {
  return {
    name,
    comment: `only ${places.join(', ')} may import it`,
    severity: 'error',
    from: { path: '^(packages|apps|loadtest)/', pathNot: [...places, TEST, '^packages/testkit/'] },
    to: { path: modules.map((module) => `node_modules/${module}/`) },
  };
}

module.exports = {
  forbidden: [
    ...layers,
    {
      name: 'apps-are-separate',
      comment: 'a process does not import another one',
      severity: 'error',
      from: { path: '^apps/([^/]+)/src/', pathNot: TEST },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'simulator-and-loadtest-know-no-product',
      comment: 'what the product is tried with must not share its mistakes: contracts, radius, routeros and core only',
      severity: 'error',
      from: { path: '^(apps/simulator|loadtest)/src/', pathNot: TEST },
      to: { path: '^packages/', pathNot: '^packages/(contracts|radius|routeros|core)/(src|dist)/' },
    },
    {
      name: 'console-knows-only-contracts',
      comment: 'the console is a client of the public API like any other',
      severity: 'error',
      from: { path: '^apps/console/src/' },
      to: { path: '^(packages|apps|loadtest)/', pathNot: '^(packages/(contracts|core)/(src|dist)|apps/console/src)/' },
    },
    {
      name: 'testkit-only-in-tests',
      comment: 'only tests import testkit',
      severity: 'error',
      from: { path: '^(packages|apps|loadtest)/', pathNot: [TEST, '^packages/testkit/'] },
      to: { path: '^packages/testkit/' },
    },
    {
      name: 'stores-only-in-cli-and-tests',
      comment: 'the service works with servers it is told of; only the command line starts them',
      severity: 'error',
      from: { path: '^(packages|apps|loadtest)/', pathNot: [TEST, '^packages/(stores|testkit)/', '^apps/cli/'] },
      to: { path: '^packages/stores/' },
    },
    {
      name: 'services-not-stores-of-others',
      comment: "a feature may call another feature's service, never its store",
      severity: 'error',
      from: { path: '^packages/features/src/([^/]+)/', pathNot: TEST },
      to: {
        path: '^packages/features/src/[^/]+/[^/]+\\.store\\.ts$',
        pathNot: '^packages/features/src/($1|audit|outbox)/',
      },
    },
    only('express', ['express'], ['^packages/runtime/src/http/', '\\.routes\\.ts$', '^apps/api/']),
    only('bullmq-and-ioredis', ['bullmq', 'ioredis'], ['^packages/(queue|runtime)/src/']),
    only('prisma', ['@prisma'], ['^packages/db/src/']),
    only('node-routeros', ['node-routeros'], ['^packages/routeros/src/']),
    {
      name: 'pm2-is-a-program',
      comment: 'PM2 is AGPL-3.0: it is run, never loaded into our code',
      severity: 'error',
      from: {},
      to: { path: 'node_modules/(pm2|@pm2)/' },
    },
    {
      name: 'no-circular',
      comment: 'files that need one another are one file, or need a third one',
      severity: 'error',
      from: { pathNot: '^packages/db/src/generated/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      comment: 'every import leads somewhere',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['^packages/db/src/generated/'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
  },
};
