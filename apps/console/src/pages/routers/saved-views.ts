import { z } from 'zod';

const STORED_AT = 'turnpike-router-views';

const savedView = z.object({ name: z.string(), query: z.string() });
export type SavedView = z.infer<typeof savedView>;

/** Views of this browser; nothing when they cannot be read. */
export function readViews(storage: Pick<Storage, 'getItem'>): readonly SavedView[] {
  const text = storage.getItem(STORED_AT);
  if (text === null) return [];
  try {
    return z.array(savedView).catch([]).parse(JSON.parse(text));
  } catch {
    return [];
  }
}

export function storeViews(storage: Pick<Storage, 'setItem'>, views: readonly SavedView[]): void {
  storage.setItem(STORED_AT, JSON.stringify(views));
}

/** With a view of the same name replaced, by name. */
export function withView(views: readonly SavedView[], view: SavedView): readonly SavedView[] {
  return [...views.filter(({ name }) => name !== view.name), view].sort((a, b) => a.name.localeCompare(b.name));
}

/** The filters that are set, as an address; always in one order, so that the same filters are the same text. */
export function queryOf(filters: Readonly<Record<string, string>>): string {
  const set = Object.entries(filters).filter(([, value]) => value !== '');
  return new URLSearchParams(set.sort(([a], [b]) => a.localeCompare(b))).toString();
}
