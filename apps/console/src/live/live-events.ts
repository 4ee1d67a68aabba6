import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { streamEvents, liveEvent, type LiveEvent } from '@turnpike/contracts/events.js';
import { useEffect, useState } from 'react';
import { API } from '../api/call.js';
import { createFreshener, type Freshener } from './freshener.js';
import { topicsOf } from './topics.js';

export type LiveState = 'connecting' | 'live' | 'lost';

/**
 * One stream of events for the whole console. Each makes the answers about its topics old, at the freshener's pace; React Query asks
 * again for those that are on the screen. The browser connects again by itself and names the last event that it has seen.
 * `mayListen` false: the stream would be refused, so it is not asked for.
 */
export function useLiveEvents(mayListen: boolean): LiveState {
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  useEffect(() => {
    if (!mayListen) return undefined;
    const source = new EventSource(`${API}${streamEvents.path}`);
    const freshener = freshenerOf(queries);
    const take = (message: MessageEvent<string>) => {
      const event = parseEvent(message.data);
      if (event !== undefined) tell(freshener, event);
    };
    source.onopen = () => setState('live');
    source.onerror = () => setState('lost');
    for (const type of eventTypes()) source.addEventListener(type, take);
    return () => {
      source.close();
      freshener.stop();
    };
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

function freshenerOf(queries: QueryClient): Freshener {
  return createFreshener({
    makeOld: (queryKey) => void queries.invalidateQueries({ queryKey }),
    now: () => performance.now(),
    random: Math.random,
    later: (act, ms) => {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
  });
}

function tell(freshener: Freshener, event: LiveEvent): void {
  const topics = topicsOf(event);
  if (topics === 'all') freshener.everything();
  else for (const topic of topics) freshener.topic(topic);
}
