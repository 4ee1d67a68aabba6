import { QueryCache, QueryClient } from '@tanstack/react-query';
import { me } from '@turnpike/contracts/auth.js';
import { ApiProblem } from './api-problem.js';

/** The first parts of a key name what it is about: an event about a topic makes all of its answers old. */
export const SIGNED_IN_KEY = [me.tag, me.path] as const;

const MOST_TRIES = 3;

/** Answers are kept until an event says that they are old: nothing is asked again by a clock. */
export function createQueries(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof ApiProblem && error.status === 401) client.setQueryData(SIGNED_IN_KEY, null);
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 60_000,
        refetchOnWindowFocus: false,
        retry: (failed, error) => failed < MOST_TRIES && error instanceof ApiProblem && mayHelp(error),
      },
      mutations: { retry: false },
    },
  });
  return client;
}

/** What may be otherwise a moment later. */
function mayHelp({ status }: ApiProblem): boolean {
  return status === 0 || status === 502 || status === 503 || status === 504;
}
