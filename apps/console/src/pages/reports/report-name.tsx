import type { ScheduledReport } from '@turnpike/contracts/report-schedules.js';
import { useWords } from '../../words/use-words.js';
import { reportWords } from './report-words.js';
import { scheduleWords } from './schedule-words.js';

/** What is sent, in words. */
export function ReportName({ what }: { what: ScheduledReport }) {
  const words = useWords(reportWords);
  const t = useWords(scheduleWords);
  const currency = what.currency === undefined ? '' : `, ${what.currency}`;
  switch (what.report) {
    case 'sales':
      return `${words('tabSales')}, ${t('groupedBy', { by: words(what.by).toLowerCase() })}${currency}`;
    case 'churn':
      return `${words('tabChurn')}, ${t('overMonths', { count: what.months })}${currency}`;
    case 'tax':
      return `${words('tabTax')}${currency}`;
  }
}
