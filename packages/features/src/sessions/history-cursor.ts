import { invalidField } from '@turnpike/core/app-error.js';
import { cursorId } from '@turnpike/core/page.js';
import type { HistoryPlace } from './session-history.store.js';

const SEPARATOR = '~';
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** The start of a session and its id: what the history is in order of. */
export function historyCursor({ startedAt, id }: HistoryPlace): string {
  return `${startedAt.toISOString()}${SEPARATOR}${id}`;
}

/** Refuses text that is not one of our cursors. */
export function historyPlace(cursor: string | undefined): HistoryPlace | undefined {
  if (cursor === undefined) return undefined;
  const [instant = '', rest] = cursor.split(SEPARATOR, 2);
  const id = cursorId(rest ?? '');
  if (!INSTANT.test(instant) || Number.isNaN(Date.parse(instant)) || id === undefined) {
    throw invalidField('cursor', 'must be the nextCursor of the page before');
  }
  return { startedAt: new Date(instant), id };
}
