import type { ApiProblem } from '../api/api-problem.js';
import type { Pages } from '../api/use-endpoint.js';

interface Asked<Item> {
  readonly data: { readonly items: readonly Item[] } | undefined;
  readonly error: ApiProblem | null;
  readonly isFetching: boolean;
  readonly refetch: () => unknown;
}

/** A list that comes in one answer, for `DataTable`. */
export function wholeList<Item>(asked: Asked<Item>): Pages<Item> {
  return {
    items: asked.data?.items,
    error: asked.error,
    isFetching: asked.isFetching,
    hasMore: false,
    more: () => undefined,
    again: () => void asked.refetch(),
  };
}

/** A list that is there already. */
export function givenList<Item>(items: readonly Item[]): Pages<Item> {
  return wholeList({ data: { items }, error: null, isFetching: false, refetch: () => undefined });
}
