import { SimpleGrid, Skeleton, Text } from '@mantine/core';
import { getDashboardStats, type DashboardStats } from '@turnpike/contracts/dashboard.js';
import { moneyText } from '@turnpike/core/money.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { CopyAs } from '../../kit/copy-as.js';
import { Facts } from '../../kit/facts.js';
import { Octets } from '../../kit/figures.js';
import { Page } from '../../kit/page.js';
import { Refusal } from '../../kit/refusal.js';
import { Section } from '../../kit/section.js';
import { When } from '../../kit/when.js';
import { useMay, useMe } from '../../session/session.js';
import { useLanguage } from '../../words/language.js';
import { useWords } from '../../words/use-words.js';
import { AlertStrip } from '../alerts/alert-strip.js';
import { dashboardWords } from './dashboard-words.js';
import { FirstSteps } from './first-steps.js';
import { hasSold } from './has-sold.js';
import { KeyFigures } from './key-figures.js';
import { OnlineSplit } from './online-split.js';
import { RecentActivity } from './recent-activity.js';
import { SeriesSection } from './series-section.js';

const RECENT_HEIGHT = 300;
const ONLINE_HEIGHT = 120;

/** The front page: how the network and the money are right now. */
export function DashboardPage() {
  const t = useWords(dashboardWords);
  const asked = useEndpoint(getDashboardStats);
  // Money and load are of the whole system: who is limited to sites is not shown them.
  const isGlobal = useMe().sites === null;
  const maySetUp = useMay('routers:write');
  const maySeeAlerts = useMay('alerts:read');
  const stats = asked.data;
  const isNew = stats !== undefined && isGlobal && maySetUp && !hasSold(stats);
  const recent = stats === undefined ? <Skeleton h={RECENT_HEIGHT} /> : <RecentActivity recent={stats.recent} />;
  const online = stats === undefined ? <Skeleton h={ONLINE_HEIGHT} /> : <OnlineSplit sessions={stats.sessions} />;
  return (
    <Page
      title={t('title')}
      actions={
        <>
          {stats === undefined ? null : (
            <Text size="sm" c="dimmed">
              {t('asOf')} <When at={stats.at} style="exact" />
            </Text>
          )}
          <CopyAs endpoint={getDashboardStats} command="status" />
        </>
      }
    >
      {asked.error === null ? null : <Refusal problem={asked.error} again={() => void asked.refetch()} />}
      {maySeeAlerts ? <AlertStrip /> : null}
      {isNew ? <FirstSteps stats={stats} /> : null}
      {asked.error !== null && stats === undefined ? null : <KeyFigures stats={stats} isGlobal={isGlobal} />}
      {isGlobal ? (
        <SeriesSection below={online} beside={recent} />
      ) : (
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          {online}
          {recent}
        </SimpleGrid>
      )}
      {stats === undefined ? null : <Load stats={stats} isGlobal={isGlobal} />}
    </Page>
  );
}

function Load({ stats, isGlobal }: { stats: DashboardStats; isGlobal: boolean }) {
  const t = useWords(dashboardWords);
  const language = useLanguage();
  const whole = (value: number | null) => (value === null ? '–' : value.toLocaleString(language));
  const revenue = (of: 'monthMinor' | 'yearMinor') =>
    stats.revenue.map((sum) => moneyText(sum[of], sum.currency)).join(' · ') || '0';
  const global = [
    { label: t('customers'), value: whole(stats.customers) },
    { label: t('active'), value: whole(stats.activeEntitlements) },
    { label: t('month'), value: revenue('monthMinor') },
    { label: t('year'), value: revenue('yearMinor') },
    {
      label: t('tps'),
      value: stats.tps === null ? t('tpsUnknown') : stats.tps.toLocaleString(language, { maximumFractionDigits: 1 }),
    },
    {
      label: t('cache'),
      value: stats.cacheHitRate === null ? t('tpsUnknown') : `${Math.round(stats.cacheHitRate * 100)} %`,
    },
  ];
  return (
    <Section title={t('load')}>
      <Facts
        facts={[{ label: t('dataToday'), value: <Octets value={stats.octetsToday} /> }, ...(isGlobal ? global : [])]}
      />
    </Section>
  );
}
