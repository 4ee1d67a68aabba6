import type { ServiceConfig } from '@turnpike/contracts/provisioning.js';
import { RosError } from '@turnpike/routeros/ros-error.js';
import type { RosRow, RosSession } from '@turnpike/routeros/ros-session.js';
import { applyOperation } from './apply.js';
import { managedMenus } from './managed-menus.js';
import { stepOf, type Plan } from './plan.js';
import { planServices, type PlanInput, type PlanOutcome } from './planner.js';
import { conflictsFailure, refusedBy, restlessFailure, RunFailure, verifyFailure } from './run-error.js';
import type { RunRecorder } from './run-recorder.js';
import { readSnapshot, type RouterSnapshot } from './router-snapshot.js';
import { isOn } from './rows.js';
import { faultsOf } from './verify.js';

/** What one run is about, apart from the connection it happens to have. */
export interface RunTask {
  readonly routerName: string;
  readonly services: readonly ServiceConfig[];
  readonly planInput: PlanInput;
  readonly recorder: RunRecorder;
  readonly signal: AbortSignal;
  /** Rejects when the signal aborts. */
  readonly pause: (ms: number) => Promise<void>;
  /** Called whenever the router is closer to what is wished than before. */
  readonly onProgress: () => void;
}

export type Convergence = 'succeeded' | 'waiting';

/** A router may answer with something else than it was told, once or twice; after that nobody is served by more tries. */
const MAX_ROUNDS = 4;
const SETTLE_TRIES = 12;
const SETTLE_MS = 400;

/**
 * Brings the router to what is wished over one connection: read, plan, write, read again until nothing is left to do.
 * Throws RunFailure when it cannot be done, and the session's RosError when the link gave way: then call it again with
 * a new session. Nothing is remembered between two calls: what the router says decides, so no write is ever repeated blindly.
 */
export async function converge(session: RosSession, task: RunTask): Promise<Convergence> {
  const { recorder } = task;
  let known = task.planInput;
  let leftOver: string[] = [];
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    const snapshot = await readSnapshot(session, task.signal);
    const outcome = planServices(known, snapshot);
    if (round === 1 && (await stopsBeforePlanning(outcome, snapshot, task))) return 'waiting';
    if (outcome.plan.conflicts.length > 0) throw conflictsFailure(outcome.plan.conflicts);
    if (outcome.plan.operations.length === 0) {
      await verifyWorking(session, snapshot, task);
      return 'succeeded';
    }
    leftOver = outcome.plan.operations.map(stepOf);
    await applyPlan(session, outcome.plan, task);
    known = { ...known, deployedSecret: known.nas.secretFingerprint };
    await recorder.enter('verifying', 'reading the router again');
  }
  throw restlessFailure(leftOver);
}

/** Walks the states up to applying; true when a person has to act first. */
async function stopsBeforePlanning(outcome: PlanOutcome, snapshot: RouterSnapshot, task: RunTask): Promise<boolean> {
  const { recorder } = task;
  if (outcome.waitingFor !== undefined) {
    await waitForOperator(outcome.waitingFor, task);
    return true;
  }
  await recorder.enter('preflight', 'checking version, interfaces and addresses');
  if (outcome.plan.conflicts.length > 0) return false;
  await recorder.backUp(backupOf(snapshot));
  await recorder.enter('planning', `${outcome.plan.operations.length} changes to make`);
  await recorder.enter('applying', outcome.plan.operations.length === 0 ? 'nothing to change' : 'making changes');
  return false;
}

/** A run that already waits stays as it is: looking again is not news. */
async function waitForOperator(
  waitingFor: NonNullable<PlanOutcome['waitingFor']>,
  { recorder }: RunTask,
): Promise<void> {
  if (recorder.state === 'waiting_for_operator') return;
  const error = {
    code: 'device_mode',
    message: waitingFor.message,
    step: '/system/device-mode',
    routerMessage: null,
    remedy: waitingFor.remedy,
  };
  if (recorder.hasWritten) throw new RunFailure(error);
  await recorder.enter('preflight', 'checking version, interfaces and addresses');
  await recorder.fail('waiting_for_operator', error);
}

async function applyPlan(session: RosSession, plan: Plan, task: RunTask): Promise<void> {
  const { recorder } = task;
  const total = plan.operations.length;
  for (const [index, operation] of plan.operations.entries()) {
    await recorder.intend(operation, index + 1, total);
    try {
      const rosId = await applyOperation(session, operation, task.signal);
      const given = operation.op !== 'remove' && Object.keys(operation.secrets).length > 0;
      recorder.complete(rosId, given ? task.planInput.nas.secretFingerprint : undefined);
      task.onProgress();
    } catch (error) {
      if (!(error instanceof RosError) || error.kind !== 'trap') throw error;
      throw refusedBy(task.routerName, error, stepOf(operation));
    }
  }
}

/** Everything is as wished; now the router must also say that it works, for which it may take a moment. */
async function verifyWorking(session: RosSession, first: RouterSnapshot, task: RunTask): Promise<void> {
  await task.recorder.enter('verifying', 'seeing that everything works');
  let faults = faultsOf(task.services, first);
  for (let tries = 1; faults.length > 0; tries += 1) {
    if (tries > SETTLE_TRIES) throw verifyFailure(faults);
    await task.pause(SETTLE_MS);
    faults = faultsOf(task.services, await readSnapshot(session, task.signal));
  }
}

/** Rows of the menus we manage, for a person to look up what was there; without secrets. */
function backupOf(snapshot: RouterSnapshot): Record<string, Record<string, string>[]> {
  return Object.fromEntries(
    managedMenus.map((menu) => {
      const rows = (snapshot.menus.get(menu.path) ?? []).filter((row) => !isOn(row, 'dynamic'));
      return [menu.path, rows.map((row) => withoutSecrets(row, menu.secrets))];
    }),
  );
}

function withoutSecrets(row: RosRow, secrets: readonly string[]): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(row)) {
    if (value !== undefined && !secrets.includes(name)) kept[name] = value;
  }
  return kept;
}
