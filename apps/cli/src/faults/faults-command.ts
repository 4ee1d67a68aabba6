import pc from 'picocolors';
import type { CliContext } from '../cli-context.js';
import { runTests } from '../test-command.js';
import { findFaultClaims } from './fault-claims.js';
import { reportFaults, type FaultRow, type FaultTest } from './fault-report.js';
import { FAULTS } from './fault-table.js';
import { readScenarioResults } from './scenario-results.js';
import { readTestRecord } from './test-record.js';

export interface FaultsOptions {
  /** Runs the tests of all faults first. */
  readonly run: boolean;
  /** Names every test instead of counting them by file. */
  readonly tests: boolean;
}

const COLOURS = { passed: pc.green, failed: pc.red, 'not run': pc.yellow, untested: pc.red } as const;
const FAULT_WIDTH = 66;

/** Prints fault -> tests -> last result; false when a fault has no test or one of its tests failed. */
export async function showFaults(context: CliContext, options: FaultsOptions): Promise<boolean> {
  const { config, layout, write } = context;
  const claims = await findFaultClaims(config.root);
  const known = new Set(FAULTS.map(({ id }) => id));
  const tests = claims.filter(({ kind, ids }) => kind === 'test' && ids.some((id) => known.has(id)));
  if (options.run) await runTests(context, [...new Set(tests.map(({ file }) => file))]);
  const [record, scenarios] = await Promise.all([readTestRecord(layout.lastTestRun), readScenarioResults(config.root)]);
  const rows = reportFaults({ faults: FAULTS, claims, record, scenarios });
  for (const row of rows) write(describeRow(row, options));
  const count = (verdict: FaultRow['verdict']): number => rows.filter((row) => row.verdict === verdict).length;
  const [failed, untested] = [count('failed'), count('untested')];
  write(`\n${rows.length} faults: ${count('passed')} passed, ${failed} failed, ${untested} without a test, `);
  write(`${count('not run')} not run since (npm run faults -- --run)\n`);
  return failed === 0 && untested === 0;
}

function describeRow({ fault, tests, verdict }: FaultRow, options: FaultsOptions): string {
  const amount = tests.length === 1 ? '1 test' : `${tests.length} tests`;
  const short = fault.fault.length > FAULT_WIDTH ? `${fault.fault.slice(0, FAULT_WIDTH - 3)}...` : fault.fault;
  const head = `${fault.id.padEnd(4)}${short.padEnd(FAULT_WIDTH + 2)}${amount.padEnd(10)}${COLOURS[verdict](verdict)}\n`;
  const required = pc.dim(`    ${fault.required}\n`);
  return head + required + (options.tests ? tests.map(describeTest).join('') : describeFiles(tests));
}

function describeTest({ file, name, result, ranAt }: FaultTest): string {
  return `      ${COLOURS[result](result.padEnd(8))}${dateOf(ranAt)} ${name} ${pc.dim(`(${file})`)}\n`;
}

function describeFiles(tests: readonly FaultTest[]): string {
  const files = [...new Set(tests.map(({ file }) => file))];
  return files
    .map((file) => {
      const own = tests.filter((test) => test.file === file);
      const results = (['passed', 'failed', 'not run'] as const)
        .map((result) => ({ result, count: own.filter((test) => test.result === result).length }))
        .filter(({ count }) => count > 0);
      const text = results.map(({ result, count }) => COLOURS[result](`${count} ${result}`)).join(', ');
      const latest = own
        .map(({ ranAt }) => ranAt ?? '')
        .sort()
        .at(-1);
      return `      ${dateOf(latest)} ${file}: ${text}\n`;
    })
    .join('');
}

function dateOf(ranAt: string | undefined): string {
  return (ranAt ?? '').slice(0, 16).replace('T', ' ').padEnd(16);
}
