import { Card, SimpleGrid, Skeleton, Text, UnstyledButton } from '@mantine/core';
import { getDashboardSeries, type DashboardStats } from '@turnpike/contracts/dashboard.js';
import { moneyText } from '@turnpike/core/money.js';
import { Link } from 'react-router';
import { useEndpoint } from '../../api/use-endpoint.js';
import { durationText } from '../../kit/figures.js';
import type { Say } from '../../words/say.js';
import { useWords } from '../../words/use-words.js';
import { dashboardWords } from './dashboard-words.js';
import { yesterdayOf } from './series.js';

type Words = Say<keyof (typeof dashboardWords)['texts']['en']>;
interface Figure {
  readonly label: string;
  readonly value: string;
  /** What it is to be compared with. */
  readonly trend: string;
  readonly to: string;
  readonly isBad?: boolean;
}

const LONG_WAIT_S = 60;
const FIGURES = 5;
/** Characters; a longer one is written smaller, so that it stays on its card. */
const LONG_FIGURE = 12;
/** A figure and its unit stay together. */
const NO_BREAK = '\u00a0';

/** The five numbers to look at first; each leads to what it counts. */
export function KeyFigures({ stats, isGlobal }: { stats: DashboardStats | undefined; isGlobal: boolean }) {
  const t = useWords(dashboardWords);
  const week = useEndpoint(getDashboardSeries, { query: { days: '7' } }, { enabled: isGlobal });
  if (stats === undefined) {
    return (
      <Grid>
        {Array.from({ length: FIGURES }, (_, index) => (
          <Skeleton key={index} h={106} />
        ))}
      </Grid>
    );
  }
  const yesterday = week.data === undefined ? undefined : yesterdayOf(week.data.points);
  const before =
    week.data === undefined || yesterday === undefined
      ? ''
      : t('yesterday', { value: moneyText(yesterday.revenueMinor, week.data.currency) });
  return (
    <Grid>
      {[
        routersFigure(stats, t),
        sessionsFigure(stats, t),
        ...(isGlobal ? [revenueFigure(stats, t, before), failedFigure(stats, t), oldestFigure(stats, t)] : []),
      ].map((figure) => (
        <FigureCard key={figure.label} figure={figure} />
      ))}
    </Grid>
  );
}

function Grid({ children }: { children: React.ReactNode }) {
  return <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 5 }}>{children}</SimpleGrid>;
}

function FigureCard({ figure: { label, value, trend, to, isBad = false } }: { figure: Figure }) {
  return (
    <UnstyledButton component={Link} to={to} h="100%">
      <Card withBorder padding="md" h="100%">
        <Text size="sm" c="dimmed">
          {label}
        </Text>
        <Text fz={value.length > LONG_FIGURE ? 'md' : 'xl'} fw={650} className="figures" c={isBad ? 'red' : undefined}>
          {value.replaceAll(' ', NO_BREAK)}
        </Text>
        <Text size="xs" c="dimmed">
          {trend}
        </Text>
      </Card>
    </UnstyledButton>
  );
}

function routersFigure({ routers }: DashboardStats, t: Words): Figure {
  const parts = [
    ...(routers.offline > 0 ? [t('offline', { count: routers.offline })] : []),
    ...(routers.pending > 0 ? [t('pending', { count: routers.pending })] : []),
  ];
  const trend = routers.total === 0 ? t('noRouters') : parts.length === 0 ? t('allOnline') : parts.join(' · ');
  return {
    label: t('routersOnline'),
    value: t('ofRouters', { online: routers.online, total: routers.total }),
    trend,
    to: routers.offline > 0 ? '/routers?status=offline' : '/routers',
    isBad: routers.offline > 0,
  };
}

function sessionsFigure({ sessions }: DashboardStats, t: Words): Figure {
  const split = t('byService', { hotspot: sessions.hotspot, pppoe: sessions.pppoe });
  return {
    label: t('sessions'),
    value: String(sessions.open),
    trend: sessions.stale > 0 ? `${split} · ${t('stale', { count: sessions.stale })}` : split,
    to: '/sessions',
  };
}

function revenueFigure({ revenue }: DashboardStats, t: Words, before: string): Figure {
  const [first, ...others] = revenue;
  const also = others
    .filter(({ todayMinor }) => todayMinor > 0)
    .map(({ todayMinor, currency }) => t('alsoToday', { value: moneyText(todayMinor, currency) }));
  return {
    label: t('revenue'),
    value: first === undefined ? '0' : moneyText(first.todayMinor, first.currency),
    trend: [...also, before].filter((text) => text !== '').join(' · '),
    to: '/payments',
  };
}

function failedFigure({ failedPaymentsToday, paymentsToday }: DashboardStats, t: Words): Figure {
  return {
    label: t('failed'),
    value: failedPaymentsToday === null ? '–' : String(failedPaymentsToday),
    trend: paymentsToday === null ? '' : t('ofPayments', { count: paymentsToday }),
    to: '/payments?state=failed',
  };
}

function oldestFigure({ oldestJobSeconds }: DashboardStats, t: Words): Figure {
  const isLong = oldestJobSeconds !== null && oldestJobSeconds >= LONG_WAIT_S;
  return {
    label: t('oldest'),
    value: oldestJobSeconds === null ? t('noneWaits') : durationText(oldestJobSeconds),
    trend: oldestJobSeconds === null ? t('noneWaitsText') : t(isLong ? 'longWait' : 'shortWait'),
    to: '/queues',
    isBad: isLong,
  };
}
