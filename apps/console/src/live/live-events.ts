import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { streamEvents, liveEvent, type LiveEvent } from '@turnpike/contracts/events.js';
import { useEffect, useState } from 'react';
import { API } from '../api/call.js';
import { topicsOf } from './topics.js';

export type LiveState = 'connecting' | 'live' | 'lost';

/**
 * One stream of events for the whole console. Each makes the answers about its topics old; React Query asks again for those that
 * are on the screen. The browser connects again by itself and names the last event that it has seen.
 * `mayListen` false: the stream would be refused, so it is not asked for.
 */
export function useLiveEvents(mayListen: boolean): LiveState {
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  useEffect(() => {
    if (!mayListen) return undefined;
    const source = new EventSource(`${API}${streamEvents.path}`);
    const take = (message: MessageEvent<string>) => {
      const event = parseEvent(message.data);
      if (event !== undefined) makeOld(queries, event);
    };
    source.onopen = () => setState('live');
    source.onerror = () => setState('lost');
    for (const type of eventTypes()) source.addEventListener(type, take);
    return () => source.close();
  }, [queries, mayListen]);
  return state;
}

function eventTypes(): string[] {
  return liveEvent.options.map((option) => option.shape.type.value);
}

function parseEvent(text: string): LiveEvent | undefined {
  try {
    return liveEvent.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function makeOld(queries: QueryClient, event: LiveEvent): void {
  const topics = topicsOf(event);
  if (topics === 'all') void queries.invalidateQueries();
  else for (const topic of topics) void queries.invalidateQueries({ queryKey: [topic] });
}
