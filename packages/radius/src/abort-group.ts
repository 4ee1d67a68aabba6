/**
 * Shares one listener a signal among many waiters: thousands of requests may hang on one signal, whose own listener
 * list is slow to search and warns from eleven on.
 */
export interface AbortGroup {
  /** Calls `onAbort` when `signal` aborts, unless the returned function was called before. */
  join(signal: AbortSignal, onAbort: () => void): () => void;
}

export function createAbortGroup(): AbortGroup {
  const waiters = new Map<AbortSignal, Set<() => void>>();

  function open(signal: AbortSignal): Set<() => void> {
    const group = new Set<() => void>();
    waiters.set(signal, group);
    signal.addEventListener('abort', tellAll);
    return group;
  }

  function close(signal: AbortSignal): void {
    waiters.delete(signal);
    signal.removeEventListener('abort', tellAll);
  }

  function tellAll(this: AbortSignal): void {
    const group = waiters.get(this) ?? [];
    close(this);
    for (const onAbort of group) onAbort();
  }

  return {
    join(signal, onAbort) {
      const group = waiters.get(signal) ?? open(signal);
      group.add(onAbort);
      return () => {
        if (group.delete(onAbort) && group.size === 0) close(signal);
      };
    },
  };
}
