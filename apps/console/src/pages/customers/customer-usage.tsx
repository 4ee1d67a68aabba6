import { Skeleton, Text } from '@mantine/core';
import { getCustomerUsage } from '@turnpike/contracts/sessions.js';
import { Suspense, lazy } from 'react';
import type { z } from 'zod';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Choices } from '../../kit/choices.js';
import { durationText, octetsText } from '../../kit/figures.js';
import { Loaded } from '../../kit/loaded.js';
import { oneOf } from '../../kit/one-of.js';
import { Section } from '../../kit/section.js';
import { useFilters } from '../../kit/use-filters.js';
import { operatorZone } from '../../kit/zone.js';
import { dayOf } from '../../kit/zoned-day.js';
import { useMay } from '../../session/session.js';
import { useWords } from '../../words/use-words.js';
import { customersWords } from './customers-words.js';
import { rangeOf, usageDays, usageRanges } from './usage-days.js';

const UsageChart = lazy(async () => ({ default: (await import('./usage-chart.js')).UsageChart }));

const CHART_HEIGHT = 240;

/** Data by day, as accounting keeps it. */
export function CustomerUsage({ customerId }: { customerId: string }) {
  const t = useWords(customersWords);
  const may = useMay('sessions:read');
  const [{ days }, setFilters] = useFilters(['days']);
  const range = oneOf(usageRanges, days) ?? '30';
  const query = rangeOf(range, dayOf(new Date(), operatorZone()));
  const asked = useEndpoint(
    getCustomerUsage,
    { params: { id: customerId }, query },
    { enabled: may, keepPrevious: true },
  );
  if (!may) return null;
  return (
    <Section
      title={t('usage')}
      about={t('usageAbout', { zone: asked.data?.timeZone ?? operatorZone() })}
      actions={
        <Choices
          label={t('usageRange')}
          value={range}
          choices={usageRanges.map((value) => ({ value, label: t('usageDays', { count: Number(value) }) }))}
          onChange={(value) => setFilters({ days: value === '30' ? '' : value })}
        />
      }
    >
      <Loaded asked={asked} height={CHART_HEIGHT}>
        {(usage) => <Usage usage={usage} />}
      </Loaded>
    </Section>
  );
}

function Usage({ usage: { days, total } }: { usage: z.output<typeof getCustomerUsage.response> }) {
  const t = useWords(customersWords);
  if (total.sessions === 0) return <Text size="sm">{t('usageNone')}</Text>;
  return (
    <>
      <Text size="sm" mb="sm" className="figures">
        {t('usageTotal', {
          count: total.sessions,
          down: octetsText(BigInt(total.outputOctets)),
          up: octetsText(BigInt(total.inputOctets)),
          time: durationText(total.seconds),
        })}
      </Text>
      <Suspense fallback={<Skeleton h={CHART_HEIGHT} />}>
        <UsageChart days={usageDays(days)} />
      </Suspense>
    </>
  );
}
