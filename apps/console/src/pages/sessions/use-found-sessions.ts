import { useQueries } from '@tanstack/react-query';
import { search } from '@turnpike/contracts/search.js';
import { getSession, type SessionView } from '@turnpike/contracts/sessions.js';
import { parseMacAddress } from '@turnpike/core/mac-address.js';
import { ApiProblem } from '../../api/api-problem.js';
import { call } from '../../api/call.js';
import { useEndpoint, type Pages } from '../../api/use-endpoint.js';

/** True for what only the search knows sessions by. */
export function isAddress(text: string): boolean {
  return parseMacAddress(text) !== undefined || /^\d{1,3}(\.\d{1,3}){3}$/.test(text.trim());
}

/** Sessions that the search finds by a MAC or IP address, without those that are over. */
export function useFoundSessions(address: string, enabled: boolean): Pages<SessionView> {
  const asked = useEndpoint(search, { query: { q: address.trim() } }, { enabled });
  const ids = (asked.data?.items ?? []).filter(({ kind }) => kind === 'session').map(({ id }) => id);
  const found = useQueries({
    queries: ids.map((id) => ({
      queryKey: [getSession.tag, getSession.path, id],
      queryFn: async ({ signal }: { signal: AbortSignal }) => oneSession(id, signal),
    })),
  });
  const isWaiting = asked.data === undefined || found.some(({ data }) => data === undefined);
  const failed = found.find(({ error }) => error instanceof ApiProblem)?.error;
  const sessions = found.flatMap(({ data }) => data ?? []).filter(({ state }) => state !== 'closed');
  return {
    items: isWaiting ? undefined : sessions,
    error: asked.error ?? (failed instanceof ApiProblem ? failed : null),
    isFetching: asked.isFetching,
    hasMore: false,
    more: () => undefined,
    again: () => void asked.refetch(),
  };
}

/** The session of an id, as a list of none or one. */
export async function oneSession(id: string, signal: AbortSignal): Promise<SessionView[]> {
  try {
    return [await call(getSession, { params: { id } }, { signal })];
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return [];
    throw error;
  }
}
