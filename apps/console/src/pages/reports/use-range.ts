import { useFilters } from '../../kit/use-filters.js';
import { operatorZone } from '../../kit/zone.js';
import { dayOf } from '../../kit/zoned-day.js';
import { queryOf, rangeOfSpan, type DayRange } from './report-range.js';

/** The days in the address, the last 30 where it has none, and how to change them. */
export function useRange() {
  const [filters, change] = useFilters(['from', 'to', 'currency']);
  const today = dayOf(new Date(), operatorZone());
  const usual = rangeOfSpan('30', today);
  const range: DayRange = { from: filters.from || usual.from, to: filters.to || usual.to };
  const days = queryOf(range);
  const query =
    days === undefined ? undefined : { ...days, ...(filters.currency === '' ? {} : { currency: filters.currency }) };
  return { range, today, change, query };
}
