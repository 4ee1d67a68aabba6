import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';
import { dateLocale } from '../../kit/zone.js';
import type { DayCounts } from './summary-days.js';
import { useLanguage } from '../../words/language.js';

interface Props {
  readonly days: readonly DayCounts[];
  readonly names: Readonly<Record<'succeeded' | 'failed' | 'review' | 'open', string>>;
}

/** Payments by day, how they ended. */
export function DaysChart({ days, names }: Props) {
  const language = useLanguage();
  const format = new Intl.DateTimeFormat(dateLocale(language), {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  });
  return (
    <BarChart
      h={260}
      data={days.map((day) => ({ ...day, day: format.format(new Date(day.day)) }))}
      dataKey="day"
      type="stacked"
      withLegend
      legendProps={{ verticalAlign: 'bottom' }}
      yAxisProps={{ allowDecimals: false, width: 40 }}
      series={[
        { name: 'succeeded', label: names.succeeded, color: 'green.6' },
        { name: 'failed', label: names.failed, color: 'red.6' },
        { name: 'review', label: names.review, color: 'orange.6' },
        { name: 'open', label: names.open, color: 'blue.6' },
      ]}
    />
  );
}
