import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

/** Makes the answers of endpoints with these tags old: for what a change of one thing does to another. */
export function useMakeOld(): (...tags: readonly string[]) => void {
  const queries = useQueryClient();
  return useCallback(
    (...tags) => {
      for (const tag of tags) void queries.invalidateQueries({ queryKey: [tag] });
    },
    [queries],
  );
}
