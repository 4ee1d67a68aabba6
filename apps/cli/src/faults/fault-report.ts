import type { FaultClaim } from './fault-claims.js';
import type { Fault } from './fault.js';
import type { ScenarioResult } from './scenario-results.js';
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
  readonly claims: readonly FaultClaim[];
  readonly record: TestRecord;
  readonly scenarios: readonly ScenarioResult[];
}

/** Each fault with its tests and what became of them the last time. */
export function reportFaults({ faults, claims, record, scenarios }: FaultSources): FaultRow[] {
  return faults.map((fault) => {
    const own = claims.filter(({ ids }) => ids.includes(fault.id));
    const tests = own.map((claim) => (claim.kind === 'test' ? lastRun(claim, record) : lastMeasured(claim, scenarios)));
    return { fault, tests, verdict: verdictOf(tests) };
  });
}

function verdictOf(tests: readonly FaultTest[]): FaultRow['verdict'] {
  if (tests.length === 0) return 'untested';
  if (tests.some(({ result }) => result === 'failed')) return 'failed';
  return tests.some(({ result }) => result === 'not run') ? 'not run' : 'passed';
}

/** A name in the source may be that of a group, or hold places that are filled in when it runs. */
function lastRun({ file, name }: FaultClaim, record: TestRecord): FaultTest {
  const beginning = fixedBeginning(name);
  const known = record.files[file];
  const runs = (known?.tests ?? []).filter((test) =>
    test.name.split(SEPARATOR).some((part) => (beginning === name ? part === name : part.startsWith(beginning))),
  );
  const hasFailed = runs.some(({ status }) => status === 'failed');
  const result = runs.length === 0 ? 'not run' : hasFailed ? 'failed' : 'passed';
  return { file, name, result, ranAt: result === 'not run' ? undefined : known?.ranAt };
}

/** Chaos that was only run for one target counts as far as that goes. */
function lastMeasured({ file, name }: FaultClaim, scenarios: readonly ScenarioResult[]): FaultTest {
  const whole = scenarios.filter((scenario) => scenario.name === name || scenario.name === `chaos-${name}`);
  const parts = scenarios.filter((scenario) => scenario.name.startsWith(`chaos-${name}-`));
  const measured = whole.length > 0 ? whole : parts;
  const result = measured.length === 0 ? 'not run' : measured.every(({ passed }) => passed) ? 'passed' : 'failed';
  return { file, name: `npm run ${commandOf(name)}`, result, ranAt: measured[0]?.ranAt };
}

function commandOf(name: string): string {
  return name.startsWith('fuzz-') ? `fuzz -- ${name.slice('fuzz-'.length)}` : `chaos -- ${name}`;
}

function fixedBeginning(name: string): string {
  return name.split(/%[a-z#$]|\$\{|\$[a-z]/)[0] ?? name;
}
