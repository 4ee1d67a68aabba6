import { assumptionLines, largestRole, needsOf, USERS, type Needs } from './needs.js';
import { type Costs, type CostsResult, costsOf, ROLES, sumOf, THING_NAMES, THINGS } from './unit-costs.js';

/** Routers that report less often. */
const SELDOM_SECONDS = 300;

const HEAD = ['users', 'online', 'interims/s', 'logins/s', 'API reads/s', 'cores', 'GB a day', 'GB a month', 'Mbit/s'];

/** For the terminal: what so many users need, and every assumption. */
export function needsLines(costs: Costs): string[] {
  const rows = [HEAD, ...needRows(costs, costs.interimSeconds)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const lines = rows.map((row) => `  ${row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ')}`);
  return ['', ...lines, '', ...assumptionLines(costs.interimSeconds).map((line) => `  - ${line}`)];
}

/** `deploy/capacity.md` of what was measured last; undefined: that scenario has no result yet. */
export function capacityPage(costs: CostsResult | undefined, capacity: CostsResult | undefined): string {
  const sections = [
    [
      '# How much machine for how many users',
      '',
      'Written by `npm run loadtest -- capacity-page` from `loadtest/results/costs.json` and `loadtest/results/capacity.json`; do not',
      'edit it by hand. Measure on your own machine with `npm run loadtest -- costs` and `npm run loadtest -- capacity`.',
    ],
    costs === undefined
      ? ['## Costs', '', 'Not measured yet: `npm run loadtest -- costs` does.']
      : costSections(costs, costsOf(costs.figures)),
    ['## The highest rate', '', ...(capacity === undefined ? NO_CAPACITY : capacityTable(capacity))],
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

const NO_CAPACITY = ['Not measured yet: `npm run loadtest -- capacity` does.'];

function costSections({ date, machine }: CostsResult, costs: Costs): string[] {
  const seldom = costs.interimSeconds < SELDOM_SECONDS;
  return [
    '## What so many users need',
    '',
    `Costs as measured on ${date.slice(0, 10)} with ${machine.cores} cores (${machine.cpu}), times the rates of the busiest hour.`,
    '',
    ...table(HEAD, needRows(costs, costs.interimSeconds)),
    '',
    'Assumed, all in `loadtest/src/costs/needs.ts`:',
    '',
    ...assumptionLines(costs.interimSeconds).map((line) => `- ${line}`),
    '',
    ...(seldom
      ? [
          `With \`RADIUS_INTERIM_SECONDS=${SELDOM_SECONDS}\` instead (usage is then known up to ${SELDOM_SECONDS / 60} minutes later):`,
          '',
          ...table(HEAD, needRows(costs, SELDOM_SECONDS)),
          '',
        ]
      : []),
    'Cores are those of all processes and stores together. From where one process needs more than a core (`API_INSTANCES`,',
    '`RADIUS_AUTH_INSTANCES`, `RADIUS_ACCT_INSTANCES`, `WORKER_INSTANCES`), or the stores need a machine of their own, is in the last',
    'column:',
    '',
    ...table(['users', ...ROLES, 'most by'], roleRows(costs)),
    '',
    'Disk is the growth of PostgreSQL; how long accounting is kept is `ACCOUNTING_KEPT_DAYS`. Network is RADIUS and HTTP of customers and',
    'operators, not what the customers do on the internet, which does not pass this machine.',
    '',
    '## What one thing costs',
    '',
    ...table(['', ...ROLES.map((role) => `${role}, s`), 'in all, s', 'network, kB', 'disk, kB'], costRows(costs)),
    '',
    'CPU is user and system time, without what runs while nobody does anything. The network of a deployed router, which is between the',
    'worker and the router, is not measured.',
  ];
}

function needRows(costs: Costs, interimSeconds: number): string[][] {
  return USERS.map((users) => {
    const need = needsOf(users, costs, interimSeconds);
    const { rates } = need;
    const reads = rates.cachedRead + rates.uncachedRead;
    const numbers = [need.online, rates.interim, rates.login, reads, need.cores];
    const amounts = [need.diskBytesPerDay / 1e9, need.diskBytesPerMonth / 1e9, need.networkBitsPerSecond / 1e6];
    return [users.toLocaleString('en'), ...[...numbers, ...amounts].map(short)];
  });
}

function roleRows(costs: Costs): string[][] {
  return USERS.map((users) => {
    const need: Needs = needsOf(users, costs, costs.interimSeconds);
    return [users.toLocaleString('en'), ...ROLES.map((role) => short(need.coresOfRoles[role])), largestRole(need).role];
  });
}

function costRows(costs: Costs): string[][] {
  return THING_NAMES.map((thing) => {
    const { per, is } = THINGS[thing];
    const { cpu, networkBytes, diskBytes } = costs.of[thing];
    const seconds = [...ROLES.map((role) => cpu[role]), sumOf(cpu)].map((value) => short(value * per));
    const network = thing === 'router' ? '' : short((networkBytes * per) / 1_000);
    return [is, ...seconds, network, short((diskBytes * per) / 1_000)];
  });
}

function capacityTable({ date, machine, figures }: CostsResult): string[] {
  const rows = figures.map(({ name, value, unit }) => [name.replaceAll('|', '/'), `${short(value)} ${unit}`.trim()]);
  return [
    `Measured on ${date.slice(0, 10)} with ${machine.cores} cores (${machine.cpu}).`,
    '',
    ...table(['', 'measured'], rows),
  ];
}

/** As prettier lays a table out, so that the page is what it would make of it: the first column is text, the others numbers. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((cell, column) => Math.max(3, cell.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => pad(cells[column] ?? '', width, column)).join(' | ')} |`;
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)];
}

function pad(text: string, width: number, column: number): string {
  return column === 0 ? text.padEnd(width) : text.padStart(width);
}

/** Three digits, as more would be invented. */
function short(value: number): string {
  if (value === 0) return '0';
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(2)));
}
