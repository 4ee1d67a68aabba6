import { SegmentedControl, SimpleGrid, Skeleton, Stack, Text, Title, Card, Group } from '@mantine/core';
import { getDashboardSeries, seriesDays, type DashboardSeries } from '@turnpike/contracts/dashboard.js';
import { minorDigits, moneyText } from '@turnpike/core/money.js';
import { Suspense, lazy, type ReactNode } from 'react';
import { useEndpoint } from '../../api/use-endpoint.js';
import { octetsText } from '../../kit/figures.js';
import { oneOf } from '../../kit/one-of.js';
import { Refusal } from '../../kit/refusal.js';
import { useFilters } from '../../kit/use-filters.js';
import { useLanguage } from '../../words/language.js';
import { useWords } from '../../words/use-words.js';
import { dashboardWords } from './dashboard-words.js';
import { hasAny, seriesOf, sumOf, type SeriesName } from './series.js';

const SeriesChart = lazy(async () => ({ default: (await import('./series-chart.js')).SeriesChart }));

const HEIGHT = 220;
const DEFAULT_DAYS = '30';
/** Until the answer names its own. */
const DEFAULT_CURRENCY = 'KES';

interface Props {
  /** Under the last drawing. */
  readonly below: ReactNode;
  /** Beside both. */
  readonly beside: ReactNode;
}

/** Revenue, customers and data a day; for how many days is in the address. */
export function SeriesSection({ below, beside }: Props) {
  const t = useWords(dashboardWords);
  const language = useLanguage();
  const [filters, setFilters] = useFilters(['days']);
  const days = oneOf(seriesDays, filters.days) ?? DEFAULT_DAYS;
  const asked = useEndpoint(getDashboardSeries, { query: { days } }, { keepPrevious: true });
  const series = asked.data;
  const compact = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 });
  const money = (minor: number | bigint) => moneyText(minor, series?.currency ?? DEFAULT_CURRENCY);
  return (
    <>
      <Group justify="flex-end">
        <SegmentedControl
          size="xs"
          aria-label={t('period')}
          value={days}
          onChange={(chosen) => setFilters({ days: chosen === DEFAULT_DAYS ? '' : chosen })}
          data={seriesDays.map((value) => ({ value, label: t('days', { count: Number(value) }) }))}
        />
      </Group>
      {asked.error === null ? null : <Refusal problem={asked.error} again={() => void asked.refetch()} />}
      {asked.error !== null && series === undefined ? (
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          {below}
          {beside}
        </SimpleGrid>
      ) : (
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Drawn
            title={t('revenueSeries')}
            sum={series === undefined ? undefined : money(sumOf(series.points, 'revenueMinor'))}
            label={t('revenue')}
            series={series}
            name="revenueMinor"
            color="green.6"
            format={money}
            tick={(minor) => compact.format(minor / 10 ** minorDigits(series?.currency ?? DEFAULT_CURRENCY))}
          />
          <Drawn
            title={t('usersSeries')}
            label={t('users')}
            series={series}
            name="users"
            color="blue.6"
            format={(value) => value.toLocaleString(language)}
            tick={(value) => compact.format(value)}
          />
          <Stack>
            <Drawn
              title={t('dataSeries')}
              sum={series === undefined ? undefined : octetsText(sumOf(series.points, 'octets'))}
              label={t('data')}
              series={series}
              name="octets"
              color="grape.6"
              format={(value) => octetsText(BigInt(Math.round(value)))}
              tick={(value) => shortOctets(value)}
            />
            {below}
          </Stack>
          {beside}
        </SimpleGrid>
      )}
    </>
  );
}

interface DrawnProps {
  readonly title: string;
  readonly sum?: string | undefined;
  readonly label: string;
  readonly series: DashboardSeries | undefined;
  readonly name: SeriesName;
  readonly color: string;
  readonly format: (value: number) => string;
  readonly tick: (value: number) => string;
}

function Drawn({ title, sum, label, series, name, color, format, tick }: DrawnProps) {
  const t = useWords(dashboardWords);
  const language = useLanguage();
  const points = series === undefined ? undefined : seriesOf(series.points, name, language);
  return (
    <Card withBorder component="section" padding="md">
      <Group justify="space-between" mb="sm" wrap="nowrap">
        <Title order={2} size="h5">
          {title}
        </Title>
        {sum === undefined ? null : (
          <Text size="sm" c="dimmed" className="figures">
            {t('sum', { value: sum })}
          </Text>
        )}
      </Group>
      {points === undefined ? <Skeleton h={HEIGHT} /> : null}
      {points !== undefined && !hasAny(points) ? (
        <Text size="sm" c="dimmed" h={HEIGHT} ta="center" pt={HEIGHT / 2 - 20}>
          {t('noSeries')}
        </Text>
      ) : null}
      {points !== undefined && hasAny(points) ? (
        <Suspense fallback={<Skeleton h={HEIGHT} />}>
          <SeriesChart points={points} label={label} color={color} format={format} tick={tick} height={HEIGHT} />
        </Suspense>
      ) : null}
    </Card>
  );
}

/** For an axis: `450 GB`, on one line. */
function shortOctets(value: number): string {
  return octetsText(BigInt(Math.round(value)))
    .replace('.0 ', ' ')
    .replace(' ', '\u00a0');
}
