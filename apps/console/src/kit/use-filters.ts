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

/** The filters that are set, for a query; an empty one is left out. */
export function setFilters<Name extends string>(
  filters: Readonly<Record<Name, string>>,
): Partial<Record<Name, string>> {
  const set = Object.entries<string>(filters).filter(([, value]) => value !== '');
  return Object.fromEntries(set) as Partial<Record<Name, string>>;
}
