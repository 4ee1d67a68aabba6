import { useSearchParams } from 'react-router';

/** Filters of a list, kept in the address so that a link shows the same list. Empty text: no filter. */
export function useFilters<Name extends string>(
  names: readonly Name[],
): readonly [Readonly<Record<Name, string>>, (change: Partial<Record<Name, string>>) => void] {
  const [params, setParams] = useSearchParams();
  const entries = names.map((name) => [name, params.get(name) ?? ''] as const);
  const filters = Object.fromEntries(entries) as Record<Name, string>;
  const change = (changed: Partial<Record<Name, string>>): void => {
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        for (const name of names) {
          const value = changed[name];
          if (value === undefined) continue;
          if (value === '') after.delete(name);
          else after.set(name, value);
        }
        return after;
      },
      { replace: true },
    );
  };
  return [filters, change];
}
