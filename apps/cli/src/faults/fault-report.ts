import type { ClaimedTest } from './claimed-tests.js';
import { faultIdsOf } from './fault-ids.js';
import type { Fault } from './fault-table.js';
import type { MeasuredFigure } from './measured-figures.js';
import { SEPARATOR, type TestRecord } from './test-record.js';

export type LastResult = 'passed' | 'failed' | 'not run';

export interface FaultTest {
  readonly file: string;
  readonly name: string;
  readonly result: LastResult;
  /** Absent when it was not run. */
  readonly ranAt: string | undefined;
}

export interface FaultRow {
  readonly fault: Fault;
  readonly tests: readonly FaultTest[];
  /** `failed` when one failed, `untested` without any, `not run` when one was not run. */
  readonly verdict: LastResult | 'untested';
}

export interface FaultSources {
  readonly faults: readonly Fault[];
  readonly claimed: readonly ClaimedTest[];
  readonly record: TestRecord;
  readonly figures: readonly MeasuredFigure[];
}

/** Each fault with its tests and what became of them the last time. */
export function reportFaults({ faults, claimed, record, figures }: FaultSources): FaultRow[] {
  return faults.map((fault) => {
    const own = claimed.filter(({ ids }) => ids.includes(fault.id));
    const tests = own.map((test) =>
      test.file.endsWith('.test.ts') ? lastRun(test, record) : lastMeasured(test, figures),
    );
    return { fault, tests, verdict: verdictOf(tests) };
  });
}

function verdictOf(tests: readonly FaultTest[]): FaultRow['verdict'] {
  if (tests.length === 0) return 'untested';
  if (tests.some(({ result }) => result === 'failed')) return 'failed';
  return tests.some(({ result }) => result === 'not run') ? 'not run' : 'passed';
}

/** A name in the source may be that of a group, or hold places that are filled in when it runs. */
function lastRun({ file, name }: ClaimedTest, record: TestRecord): FaultTest {
  const beginning = fixedBeginning(name);
  const known = record.files[file];
  const runs = (known?.tests ?? []).filter((test) =>
    test.name.split(SEPARATOR).some((part) => (beginning === name ? part === name : part.startsWith(beginning))),
  );
  const hasFailed = runs.some(({ status }) => status === 'failed');
  const result = runs.length === 0 ? 'not run' : hasFailed ? 'failed' : 'passed';
  return { file, name, result, ranAt: result === 'not run' ? undefined : known?.ranAt };
}

function lastMeasured({ file, name }: ClaimedTest, figures: readonly MeasuredFigure[]): FaultTest {
  const beginning = fixedBeginning(name);
  const measured = figures.filter((figure) => faultIdsOf(figure.name).length > 0 && figure.name.startsWith(beginning));
  const result = measured.length === 0 ? 'not run' : measured.every(({ holds }) => holds) ? 'passed' : 'failed';
  return { file, name, result, ranAt: measured[0]?.ranAt };
}

function fixedBeginning(name: string): string {
  return name.split(/%[a-z#$]|\$\{|\$[a-z]/)[0] ?? name;
}
