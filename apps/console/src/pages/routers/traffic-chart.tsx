import '@mantine/charts/styles.css';
import { AreaChart } from '@mantine/charts';
import { dateLocale, operatorZone } from '../../kit/zone.js';
import type { TrafficPoint } from './traffic-samples.js';

interface Props {
  readonly points: readonly TrafficPoint[];
  readonly receives: string;
  readonly sends: string;
  readonly language: string;
}

/** Rates of one interface over the last minutes. */
export function TrafficChart({ points, receives, sends, language }: Props) {
  const clock = new Intl.DateTimeFormat(dateLocale(language), { timeStyle: 'medium', timeZone: operatorZone() });
  return (
    <AreaChart
      h={260}
      data={points.map((point) => ({ ...point, at: clock.format(new Date(point.at)) }))}
      dataKey="at"
      series={[
        { name: 'receives', label: receives, color: 'green.6' },
        { name: 'sends', label: sends, color: 'blue.6' },
      ]}
      valueFormatter={(value) => `${value} Mbit/s`}
      yAxisProps={{ width: 96 }}
      withDots={false}
      withLegend
      connectNulls={false}
      areaProps={{ isAnimationActive: false }}
    />
  );
}
