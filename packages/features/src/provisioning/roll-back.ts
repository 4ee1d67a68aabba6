import { RosError } from '@turnpike/routeros/ros-error.js';
import type { RosSession } from '@turnpike/routeros/ros-session.js';
import { undoOf, undoOrder, type JournalRecord, type Undo } from './journal.js';
import { managedMenu } from './managed-menus.js';
import { stepOf } from './plan.js';
import type { RunRecorder } from './run-recorder.js';

export interface RollBackTask {
  readonly recorder: RunRecorder;
  readonly records: readonly JournalRecord[];
  readonly signal: AbortSignal;
  /** Called after each entry that was taken back. */
  readonly onUndone: (record: JournalRecord) => void;
}

/** The router would not take a change back. */
export class UndoRefused extends Error {
  override readonly name = 'UndoRefused';
  readonly step: string;

  constructor(step: string, cause: RosError) {
    super(cause.message, { cause });
    this.step = step;
  }
}

/**
 * Takes back what the journal says, last write first, each time looking at the router before: a connection that breaks
 * here costs nothing but a new one. Throws the session's RosError when the link gave way, UndoRefused on a refusal.
 */
export async function rollBack(session: RosSession, task: RollBackTask): Promise<void> {
  for (const record of undoOrder(task.records)) {
    const step = `undo ${stepOf(record)}`;
    try {
      await undo(session, record, task.signal);
    } catch (error) {
      if (error instanceof RosError && error.kind === 'trap') throw new UndoRefused(step, error);
      throw error;
    }
    // The old secret is not known to us any more; the next deploy sets the right one again.
    const forgetSecret = managedMenu(record.path).secrets.length > 0;
    await task.recorder.undone(record.seq, step, forgetSecret);
    task.onUndone(record);
  }
}

async function undo(session: RosSession, record: JournalRecord, signal: AbortSignal): Promise<void> {
  const menu = managedMenu(record.path);
  const proplist = ['.id', 'name', 'comment', 'dynamic', 'default', 'builtin', ...Object.keys(menu.kinds)];
  const rows = await session.print(record.path, { proplist: [...new Set(proplist)], signal });
  await carryOut(session, record.path, undoOf(record, rows), signal);
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
