import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';
import { octetsText } from '../../kit/figures.js';
import { useWords } from '../../words/use-words.js';
import { customersWords } from './customers-words.js';
import type { UsageDay } from './usage-days.js';

const HEIGHT = 240;

/** Bytes by day, down and up on each other. */
export function UsageChart({ days }: { days: readonly UsageDay[] }) {
  const t = useWords(customersWords);
  return (
    <BarChart
      h={HEIGHT}
      data={days.map(({ day, down, up }) => ({ day: day.slice(5), down, up }))}
      dataKey="day"
      type="stacked"
      withLegend
      legendProps={{ verticalAlign: 'top', height: 40 }}
      valueFormatter={(value) => octetsText(BigInt(Math.round(value)))}
      yAxisProps={{ width: 80 }}
      barProps={{ maxBarSize: 48 }}
      series={[
        { name: 'down', label: t('down'), color: 'green.6' },
        { name: 'up', label: t('up'), color: 'amber.5' },
      ]}
    />
  );
}
