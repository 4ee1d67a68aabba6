import { keepPreviousData, useInfiniteQuery, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { Endpoint } from '@turnpike/contracts/endpoint.js';
import type { z } from 'zod';
import type { ApiProblem } from './api-problem.js';
import { call, type CallInput } from './call.js';

interface Options {
  /** False: not asked yet. */
  readonly enabled?: boolean;
  /** Shows the answer to the last question until there is one to this. */
  readonly keepPrevious?: boolean;
}

/** Key of an endpoint's answers; the tag first, because events name tags. */
export function keyOf(endpoint: Endpoint, input: unknown = {}): readonly unknown[] {
  return [endpoint.tag, endpoint.path, input];
}

/** Asks an endpoint and keeps the answer until something of its tag changes. */
export function useEndpoint<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, R>,
  input: CallInput<P, Q, B> = {},
  { enabled = true, keepPrevious = false }: Options = {},
): UseQueryResult<z.output<R>, ApiProblem> {
  return useQuery<z.output<R>, ApiProblem>({
    queryKey: keyOf(endpoint, input),
    queryFn: ({ signal }) => call(endpoint, input, { signal }),
    enabled,
    ...(keepPrevious ? { placeholderData: keepPreviousData } : {}),
  });
}

interface PageOf<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

type ItemOf<R extends z.ZodType> = z.output<R> extends PageOf<infer Item> ? Item : never;

/** The pages of a list, one after the other. */
export interface Pages<Item> {
  /** Undefined until the first page is there. */
  readonly items: readonly Item[] | undefined;
  readonly error: ApiProblem | null;
  readonly isFetching: boolean;
  readonly hasMore: boolean;
  readonly more: () => void;
  readonly again: () => void;
}

/** Asks a list by pages; `query` without its cursor. */
export function usePages<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, R>,
  input: CallInput<P, Q, B> = {},
  { enabled = true }: Options = {},
): Pages<ItemOf<R>> {
  const asked = useInfiniteQuery<
    PageOf<ItemOf<R>>,
    ApiProblem,
    { pages: PageOf<ItemOf<R>>[] },
    readonly unknown[],
    string | null
  >({
    queryKey: [...keyOf(endpoint, input), 'pages'],
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...(input.query ?? {}), ...(pageParam === null ? {} : { cursor: pageParam }) } as z.input<Q>;
      return (await call(endpoint, { ...input, query }, { signal })) as PageOf<ItemOf<R>>;
    },
    initialPageParam: null,
    getNextPageParam: (last) => last.nextCursor,
    enabled,
  });
  return {
    items: asked.data?.pages.flatMap(({ items }) => items),
    error: asked.error,
    isFetching: asked.isFetching,
    hasMore: asked.hasNextPage,
    more: () => void asked.fetchNextPage(),
    again: () => void asked.refetch(),
  };
}
