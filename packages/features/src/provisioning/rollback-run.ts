import type { PlanConflict, RunError, ServiceConfig } from '@turnpike/contracts/provisioning.js';
import type { RosSession } from '@turnpike/routeros/ros-session.js';
import { foreignChanges, notRestored } from './foreign-changes.js';
import type { JournalRecord } from './journal.js';
import { rollBack, UndoRefused } from './roll-back.js';
import { withWhatStays } from './routers-own-pages.js';
import { refusedBy, RunFailure } from './run-error.js';
import type { RunRecorder } from './run-recorder.js';
import { readSnapshot } from './router-snapshot.js';

/** A rollback in the hands of one worker. */
export interface RollbackTask {
  readonly routerName: string;
  readonly recorder: RunRecorder;
  /** The journal of the run that is taken back, as it is now. */
  readonly readJournal: () => Promise<readonly JournalRecord[]>;
  /** What was in place before that run. */
  readonly left: readonly ServiceConfig[];
  readonly signal: AbortSignal;
  /** Does its work with a session, and with a new one whenever the link gives way. Throws RunFailure. */
  readonly withSession: (work: (session: RosSession, onProgress: () => void) => Promise<void>) => Promise<void>;
}

/**
 * Takes an earlier run back: looks that nobody has changed the same things, writes, and reads again. Ends the run as
 * rolled_back, as failed when nothing was written, or as rollback_failed. Every session starts from what the journal and
 * the router say, so a worker may die anywhere in between.
 */
export async function rollBackRun(task: RollbackTask): Promise<void> {
  const { recorder, routerName } = task;
  const stays: string[] = [];
  try {
    if (recorder.state !== 'rolling_back') await recorder.enter('connecting', `connecting to ${routerName}`);
    await task.withSession((session, onProgress) => overOneSession(session, task, { onProgress, stays }));
    await recorder.restored(task.left, withWhatStays(`${routerName} is as it was before`, stays));
  } catch (problem) {
    const error = errorOf(problem, routerName);
    if (error === undefined) throw problem;
    await recorder.fail(recorder.state === 'rolling_back' ? 'rollback_failed' : 'failed', error);
  }
}

async function overOneSession(
  session: RosSession,
  task: RollbackTask,
  { onProgress, stays }: { onProgress: () => void; stays: string[] },
): Promise<void> {
  const { recorder, signal } = task;
  const records = await task.readJournal();
  if (recorder.state !== 'rolling_back') {
    await recorder.enter('preflight', 'seeing whether somebody changed what is to be taken back');
    const conflicts = foreignChanges(records, await readSnapshot(session, signal));
    if (conflicts.length > 0) throw overwrites(conflicts);
    await recorder.takeBack(`${records.filter(({ state }) => state !== 'undone').length} changes to take back`);
  }
  const onStays = (what: string): void => void stays.push(what);
  await rollBack(session, { recorder, records, seek: 'key', signal, onUndone: onProgress, onStays });
  await recorder.say('reading the router again');
  const wrong = notRestored(records, await readSnapshot(session, signal));
  if (wrong.length > 0) throw differs(wrong);
}

function errorOf(problem: unknown, routerName: string): RunError | undefined {
  if (problem instanceof RunFailure) return inRollbackWords(problem.error);
  if (!(problem instanceof UndoRefused)) return undefined;
  return inRollbackWords(refusedBy(routerName, problem.cause, problem.step).error);
}

/** What to do about a router is the same for both kinds of run, except what to start again in the end. */
function inRollbackWords(error: RunError): RunError {
  return { ...error, remedy: error.remedy?.replace(/\bdeploy again\b/, 'roll back again') ?? null };
}

const NAMED = 5;

function overwrites(conflicts: readonly PlanConflict[]): RunFailure {
  return failureOf('conflict', 'Nothing was changed: this would undo what somebody else did.', conflicts);
}

function differs(conflicts: readonly PlanConflict[]): RunFailure {
  return failureOf('verify_failed', 'The changes were taken back, but the router is not as before.', conflicts);
}

function failureOf(code: string, what: string, conflicts: readonly PlanConflict[]): RunFailure {
  const [first] = conflicts;
  const named = conflicts.slice(0, NAMED).map(({ message }) => message);
  const more = conflicts.length > NAMED ? [`And ${conflicts.length - NAMED} more.`] : [];
  return new RunFailure({
    code,
    message: [what, ...named, ...more].join(' '),
    step: first === undefined ? null : `${first.path} ${first.key}`,
    routerMessage: null,
    remedy: first?.remedy ?? null,
  });
}
