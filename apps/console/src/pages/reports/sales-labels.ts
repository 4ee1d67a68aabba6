import type { SalesGrouping, SalesReport } from '@turnpike/contracts/reports.js';
import { WEEKDAYS } from '../../kit/weekdays.js';
import type { Say } from '../../words/say.js';
import type { reportWords } from './report-words.js';

type Words = Say<keyof (typeof reportWords)['texts']['en']>;
type Row = Pick<SalesReport['rows'][number], 'key' | 'label'>;

/** A row in the operator's language; names of packages, agents and sites stay as they are. */
export function labelOf({ key, label }: Row, by: SalesGrouping, t: Words): string {
  switch (by) {
    case 'channel':
      if (key === 'mpesa' || key === 'paybill' || key === 'cash' || key === 'wallet') return t(key);
      return key === 'agent' ? t('throughAgent') : t('none');
    case 'site':
      return key === 'desk' || key === 'agents' || key === 'unsited' || key === 'none' ? t(key) : label;
    case 'agent':
      return key === 'none' ? t('noAgent') : label;
    case 'package':
      return key === 'none' ? t('none') : label;
    case 'hour': {
      const day = WEEKDAYS[Number(key[0]) - 1];
      return day === undefined ? label : `${t(day)} ${key.slice(2)}:00`;
    }
    case 'day':
      return label;
  }
}

/** Part of what all rows came to, hundredths; null where nothing did. */
export function percentOf(part: number, whole: number): number | null {
  return whole > 0 ? Math.round((100 * part) / whole) : null;
}

/** By weekday (Monday first), then hour: the net sales of each. */
export function heatOf(rows: SalesReport['rows']): readonly (readonly number[])[] {
  const hours = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0));
  for (const { key, netMinor } of rows) {
    const day = hours[Number(key[0]) - 1];
    if (day !== undefined) day[Number(key.slice(2))] = netMinor;
  }
  return hours;
}
