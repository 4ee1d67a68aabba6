import '@mantine/charts/styles.css';
import { AreaChart } from '@mantine/charts';
import type { SeriesPoint } from './series.js';

interface Props {
  readonly points: readonly SeriesPoint[];
  readonly label: string;
  readonly color: string;
  /** Value in full, for who points at it. */
  readonly format: (value: number) => string;
  /** Value short, for the axis. */
  readonly tick: (value: number) => string;
  readonly height: number;
}

/** One value a day. */
export function SeriesChart({ points, label, color, format, tick, height }: Props) {
  return (
    <AreaChart
      h={height}
      data={points.map((point) => ({ ...point }))}
      dataKey="day"
      series={[{ name: 'value', label, color }]}
      valueFormatter={format}
      yAxisProps={{ width: 64, tickFormatter: tick, allowDecimals: false }}
      xAxisProps={{ minTickGap: 24 }}
      withDots={points.length <= 7}
      curveType="monotone"
      areaProps={{ isAnimationActive: false }}
    />
  );
}
