import { RosError } from '@turnpike/routeros/ros-error.js';
import type { RosSession } from '@turnpike/routeros/ros-session.js';
import { undoOf, undoOrder, type JournalRecord, type Seek, type Undo } from './journal.js';
import { managedMenu } from './managed-menus.js';
import { stepOf } from './plan.js';
import { removeRoutersOwnPages } from './routers-own-pages.js';
import type { RunRecorder } from './run-recorder.js';
import { applyingPercent } from './run-states.js';

export interface RollBackTask {
  readonly recorder: RunRecorder;
  readonly records: readonly JournalRecord[];
  readonly seek: Seek;
  readonly signal: AbortSignal;
  /** Called after each entry that was taken back. */
  readonly onUndone: (record: JournalRecord) => void;
  /** Called with what is left as it is, and why. */
  readonly onStays: (what: string) => void;
}

/** The router would not take a change back. */
export class UndoRefused extends Error {
  override readonly name = 'UndoRefused';
  override readonly cause: RosError;
  readonly step: string;

  constructor(step: string, cause: RosError) {
    super(cause.message);
    this.cause = cause;
    this.step = step;
  }
}

/**
 * Takes back what the journal says, last write first, each time looking at the router before: a connection that breaks
 * here costs nothing but a new one. Throws the session's RosError when the link gave way, UndoRefused on a refusal.
 */
export async function rollBack(session: RosSession, task: RollBackTask): Promise<void> {
  const entries = undoOrder(task.records);
  const before = task.records.length - entries.length;
  for (const [index, record] of entries.entries()) {
    const step = `undo ${stepOf(record)}`;
    let wrote: boolean;
    try {
      wrote = await undo(session, record, task);
    } catch (error) {
      if (error instanceof RosError && error.kind === 'trap') throw new UndoRefused(step, error);
      throw error;
    }
    // The old secret is not known to us any more; the next deploy sets the right one again.
    const forgetSecret = managedMenu(record.path).secrets.length > 0;
    const percent = applyingPercent(before + index + 1, task.records.length);
    await task.recorder.undone({ seq: record.seq, stage: step, forgetSecret, wrote, percent });
    task.onUndone(record);
  }
}

/** False when there was nothing left to take back, or nothing that may be. */
async function undo(session: RosSession, record: JournalRecord, task: RollBackTask): Promise<boolean> {
  const { seek, signal } = task;
  const menu = managedMenu(record.path);
  const proplist = ['.id', 'name', 'comment', 'dynamic', 'default', 'builtin', ...Object.keys(menu.kinds)];
  const rows = await session.print(record.path, { proplist: [...new Set(proplist)], signal });
  const action = undoOf(record, rows, seek);
  if (action.op === 'remove' && record.path === '/file') {
    const others = await removeRoutersOwnPages(session, record.key, signal);
    if (others.length > 0) {
      task.onStays(`the folder ${record.key} stays, as somebody has put ${others.join(', ')} there`);
      return false;
    }
  }
  await carryOut(session, record.path, action, signal);
  return action.op !== 'nothing';
}

async function carryOut(session: RosSession, path: string, action: Undo, signal: AbortSignal): Promise<void> {
  switch (action.op) {
    case 'nothing':
      return;
    case 'remove':
      return session.remove(path, action.rosId, { signal });
    case 'add': {
      const place = action.placeBefore === undefined ? {} : { 'place-before': action.placeBefore };
      await session.add(path, { ...action.attributes, ...place }, { signal });
      return;
    }
    case 'set':
      if (Object.keys(action.attributes).length > 0) {
        await session.set(path, action.rosId, action.attributes, { signal });
      }
      for (const property of action.unset) {
        if (action.rosId !== undefined) await session.unset(path, action.rosId, property, { signal });
      }
  }
}
