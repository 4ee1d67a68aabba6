import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { Endpoint } from '@turnpike/contracts/endpoint.js';
import type { z } from 'zod';
import type { ApiProblem } from '../../api/api-problem.js';
import { call, type CallInput } from '../../api/call.js';

interface Options {
  readonly enabled?: boolean;
  /** Asks again after so long, while the page is on the screen; for counters of which no event tells. */
  readonly everyMs?: number | undefined;
}

/**
 * Asks something for which a worker dials the router. Its key is no topic, so that each step of a run and each login does not
 * dial the router again; `refetch` does.
 */
export function useAskedNow<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, R>,
  input: CallInput<P, Q, B>,
  { enabled = true, everyMs }: Options = {},
): UseQueryResult<z.output<R>, ApiProblem> {
  return useQuery<z.output<R>, ApiProblem>({
    queryKey: ['asked now', endpoint.path, input],
    queryFn: ({ signal }) => call(endpoint, input, { signal }),
    enabled,
    retry: false,
    staleTime: 0,
    refetchOnReconnect: false,
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
  });
}
