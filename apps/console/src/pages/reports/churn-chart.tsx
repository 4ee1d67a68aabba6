import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';

interface Props {
  readonly months: readonly {
    readonly month: string;
    readonly firstTime: number;
    readonly cameBack: number;
    readonly stayed: number;
    /** Below the line. */
    readonly lost: number;
  }[];
  readonly names: Readonly<Record<'firstTime' | 'cameBack' | 'stayed' | 'lost', string>>;
}

/** Who bought, stacked by where they come from; who was lost below the line. */
export function ChurnChart({ months, names }: Props) {
  return (
    <BarChart
      h={280}
      data={months.map((month) => ({ ...month, lost: -month.lost }))}
      dataKey="month"
      type="stacked"
      withLegend
      legendProps={{ verticalAlign: 'bottom' }}
      valueFormatter={(value) => String(Math.abs(value))}
      yAxisProps={{ allowDecimals: false, width: 48 }}
      barChartProps={{ stackOffset: 'sign' }}
      barProps={{ isAnimationActive: false }}
      maxBarWidth={56}
      series={[
        { name: 'stayed', label: names.stayed, color: 'blue.6' },
        { name: 'cameBack', label: names.cameBack, color: 'cyan.5' },
        { name: 'firstTime', label: names.firstTime, color: 'green.6' },
        { name: 'lost', label: names.lost, color: 'red.5' },
      ]}
    />
  );
}
