import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';

interface Props {
  /** In whole units of the currency. */
  readonly bars: readonly { readonly name: string; readonly net: number }[];
  readonly label: string;
  readonly isOfDays: boolean;
  readonly format: (value: number) => string;
  /** Short, for the axis. */
  readonly tick: (value: number) => string;
}

const HEIGHT = 280;
const ROW = 34;
const NAMES = 140;

/** One bar a day side by side, or one for each thing below each other. */
export function SalesChart({ bars, label, isOfDays, format, tick }: Props) {
  const common = {
    data: bars.map((bar) => ({ ...bar })),
    dataKey: 'name',
    series: [{ name: 'net', label, color: 'blue.6' }],
    valueFormatter: format,
    barProps: { isAnimationActive: false },
  };
  if (isOfDays) {
    return (
      <BarChart
        {...common}
        h={HEIGHT}
        xAxisProps={{ minTickGap: 24 }}
        yAxisProps={{ width: 64, tickFormatter: tick }}
        maxBarWidth={40}
      />
    );
  }
  return (
    <BarChart
      {...common}
      h={Math.max(120, bars.length * ROW + 40)}
      orientation="vertical"
      gridAxis="x"
      xAxisProps={{ tickFormatter: tick }}
      yAxisProps={{ width: NAMES, interval: 0 }}
      maxBarWidth={22}
    />
  );
}
