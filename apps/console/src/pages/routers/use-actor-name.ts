import { listOperators } from '@turnpike/contracts/auth.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { useMay, useMe } from '../../session/session.js';

const MOST_OPERATORS = 200;

/** Who did something, by name where the reader may know it; undefined: somebody whose name is not known here. */
export function useActorName(actor: string): string | undefined {
  const me = useMe();
  const mayList = useMay('operators:manage') && actor !== me.id && actor !== 'system';
  const asked = useEndpoint(listOperators, { query: { limit: MOST_OPERATORS } }, { enabled: mayList });
  if (actor === me.id) return me.name;
  if (actor === 'system') return actor;
  return asked.data?.items.find(({ id }) => id === actor)?.name;
}
