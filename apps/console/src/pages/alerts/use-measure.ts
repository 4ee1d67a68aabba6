import { alertKinds, type AlertKind } from '@turnpike/contracts/alert-kinds.js';
import { useWords } from '../../words/use-words.js';
import { measureWords } from './measure-words.js';

type Counted = 'routers' | 'requests' | 'aMinute' | 'sessions' | 'jobs';

const COUNTED: Partial<Record<AlertKind, Counted>> = {
  site_down: 'routers',
  mpesa_unreachable: 'requests',
  login_failures: 'aMinute',
  session_orders_failing: 'sessions',
  jobs_failed: 'jobs',
};

/** A value of a kind of alert with its unit: `3 min`, `10 jobs an hour`. */
export function useMeasure(): (kind: AlertKind, value: number) => string {
  const t = useWords(measureWords);
  return (kind, value) => {
    const { unit } = alertKinds[kind];
    return t(unit === 'count' ? (COUNTED[kind] ?? 'requests') : unit, { n: Math.round(value) });
  };
}
