import { listRouters } from '@turnpike/contracts/routers.js';
import { useEndpoint } from '../api/use-endpoint.js';
import { useMay } from '../session/session.js';
import { ChoiceFilter } from './filter-bar.js';

const MOST = 200;

/** Filters by a router. */
export function RouterFilter({ label, value, onChange }: FilterProps) {
  const may = useMay('routers:read');
  const { data } = useEndpoint(listRouters, { query: { limit: MOST, sort: 'name' } }, { enabled: may });
  const choices = (data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return <ChoiceFilter label={label} value={value} onChange={onChange} choices={choices} />;
}

interface FilterProps {
  readonly label: string;
  /** Id; empty: all. */
  readonly value: string;
  readonly onChange: (id: string) => void;
}
