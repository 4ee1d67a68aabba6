import { Group, Progress, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { getPaymentSummary, type PaymentSummary } from '@turnpike/contracts/payments.js';
import { Suspense, lazy } from 'react';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Choices } from '../../kit/choices.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { Money } from '../../kit/figures.js';
import { Loaded } from '../../kit/loaded.js';
import { oneOf } from '../../kit/one-of.js';
import { Section } from '../../kit/section.js';
import { useFilters } from '../../kit/use-filters.js';
import { givenList } from '../../kit/whole-list.js';
import { operatorZone } from '../../kit/zone.js';
import { dayOf, endOfDay, startOfDay } from '../../kit/zoned-day.js';
import { useWords } from '../../words/use-words.js';
import { detailWords } from './detail-words.js';
import { paymentWords } from './payment-words.js';
import { PaymentsFrame } from './payments-frame.js';
import { daysOf, openOf } from './summary-days.js';

const DaysChart = lazy(async () => ({ default: (await import('./days-chart.js')).DaysChart }));

type Total = PaymentSummary['totals'][number];

const SPANS = ['7', '30', '90'] as const;
const DAY_MS = 86_400_000;

/** How many payments that were begun came to what end. */
export function FunnelPage() {
  const t = useWords(detailWords);
  const [filters, change] = useFilters(['days']);
  const span = oneOf(SPANS, filters.days) ?? '30';
  const length = Number(span);
  const zone = operatorZone();
  const today = dayOf(new Date(), zone);
  const first = dayOf(new Date(Date.now() - (length - 1) * DAY_MS), zone);
  const query = { from: startOfDay(first, zone), to: endOfDay(today, zone), timeZone: zone };
  const asked = useEndpoint(getPaymentSummary, { query }, { keepPrevious: true });
  return (
    <PaymentsFrame copy={<CopyAs endpoint={getPaymentSummary} input={{ query }} />}>
      <Choices
        label={t('days')}
        value={span}
        onChange={(days) => change({ days })}
        choices={SPANS.map((value) => ({ value, label: t('lastDays', { count: Number(value) }) }))}
      />
      <Loaded asked={asked} height={420}>
        {(summary) =>
          summary.totals.length === 0 ? (
            <EmptyState title={t('emptyFunnel')} text={t('emptyFunnelText')} />
          ) : (
            <Stack>
              {summary.totals.map((total) => (
                <OfCurrency key={total.currency} total={total} summary={summary} today={today} length={length} />
              ))}
            </Stack>
          )
        }
      </Loaded>
    </PaymentsFrame>
  );
}

interface OfCurrencyProps {
  readonly total: Total;
  readonly summary: PaymentSummary;
  readonly today: string;
  readonly length: number;
}

function OfCurrency({ total, summary, today, length }: OfCurrencyProps) {
  const t = useWords(detailWords);
  const words = useWords(paymentWords);
  const names = { succeeded: t('succeeded'), failed: t('failed'), review: t('review'), open: t('open') };
  return (
    <>
      <Funnel total={total} />
      <Section title={`${t('byDay')} · ${total.currency}`}>
        <Suspense fallback={<Skeleton h={260} />}>
          <DaysChart days={daysOf(summary, total.currency, today, length)} names={names} />
        </Suspense>
      </Section>
      <DataTable
        caption={t('byProvider')}
        pages={givenList(summary.providers.filter(({ currency }) => currency === total.currency))}
        idOf={({ provider }) => provider}
        empty={null}
        columns={[
          { key: 'provider', title: t('provider'), render: ({ provider }) => words(provider) },
          { key: 'attempts', title: t('attempts'), align: 'right', render: ({ attempts }) => attempts },
          { key: 'succeeded', title: t('succeeded'), align: 'right', from: 'sm', render: ({ succeeded }) => succeeded },
          { key: 'failed', title: t('failed'), align: 'right', from: 'md', render: ({ failed }) => failed },
          {
            key: 'revenue',
            title: t('revenue'),
            align: 'right',
            render: ({ revenueMinor, currency }) => <Money minor={revenueMinor} currency={currency} />,
          },
        ]}
      />
    </>
  );
}

function Funnel({ total }: { total: Total }) {
  const t = useWords(detailWords);
  const { attempts, succeeded, failed, review, currency, successRate } = total;
  const rows = [
    { label: t('attempts'), count: attempts, color: 'gray' },
    { label: t('succeeded'), count: succeeded, color: 'green' },
    { label: t('failed'), count: failed, color: 'red' },
    { label: t('review'), count: review, color: 'orange' },
    { label: t('open'), count: openOf(total), color: 'blue' },
  ];
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <Section title={t('attempts')}>
        <Stack gap="xs">
          {rows.map(({ label, count, color }) => (
            <div key={label}>
              <Group justify="space-between" gap="xs">
                <Text size="sm">{label}</Text>
                <Text size="sm" className="figures">
                  {count}
                </Text>
              </Group>
              <Progress value={attempts === 0 ? 0 : (100 * count) / attempts} color={color} aria-label={label} />
            </div>
          ))}
        </Stack>
      </Section>
      <Section title={t('revenue')}>
        <Stack gap="md">
          <Text size="xl" fw={650}>
            <Money minor={total.revenueMinor} currency={currency} />
          </Text>
          <Text size="sm">
            {t('refundedMoney')}: <Money minor={total.refundedMinor} currency={currency} />
          </Text>
          <Text size="sm">
            {t('successRate')}: {successRate === null ? '–' : `${Math.round(successRate * 100)} %`} {t('successHint')}
          </Text>
        </Stack>
      </Section>
    </SimpleGrid>
  );
}
