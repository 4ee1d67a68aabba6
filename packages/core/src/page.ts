import { invalidField } from './app-error.js';

export interface Page<Item> {
  readonly items: Item[];
  readonly nextCursor: string | null;
}

export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** One page out of `limit` + 1 rows that were read newest first; the cursor is the id of the last row shown (ids are UUIDv7: they sort by time). */
export function toPage<Row extends { readonly id: string }, Item>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(view), nextCursor: rows.length > limit && last !== undefined ? last.id : null };
}

/** The id to continue after; refuses text that is not one of our cursors. */
export function cursorId(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(cursor)) {
    throw invalidField('cursor', 'must be the nextCursor of the page before');
  }
  return cursor;
}
