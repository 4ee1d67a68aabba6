import { Select, Skeleton, Stack, Text } from '@mantine/core';
import { getRouterInterfaces, getRouterTraffic, type RouterDetailsView } from '@turnpike/contracts/routers.js';
import { Suspense, lazy, useEffect, useState } from 'react';
import { CopyAs } from '../../kit/copy-as.js';
import { rateText } from '../../kit/figures.js';
import { Loaded } from '../../kit/loaded.js';
import { Refusal } from '../../kit/refusal.js';
import { Section } from '../../kit/section.js';
import { useFilters } from '../../kit/use-filters.js';
import { useLanguage } from '../../words/language.js';
import { useWords } from '../../words/use-words.js';
import { InterfaceTable } from './interface-table.js';
import { routerWords } from './router-words.js';
import { busiest, pointsOf, withSample, type Traffic } from './traffic-samples.js';
import { useAskedNow } from './use-asked-now.js';

const TrafficChart = lazy(async () => ({ default: (await import('./traffic-chart.js')).TrafficChart }));

/** Counters change without an event; a worker reads them while somebody looks. */
const EVERY_MS = 3_000;
const CHART_HEIGHT = 260;

/** Interfaces of a router with what passes through them now. */
export function RouterInterfaces({ router }: { router: RouterDetailsView }) {
  const t = useWords(routerWords);
  const input = { params: { id: router.id } };
  const interfaces = useAskedNow(getRouterInterfaces, input);
  const traffic = useAskedNow(getRouterTraffic, input, { everyMs: EVERY_MS });
  const samples = useSamples(traffic.data);
  return (
    <Stack>
      {samples.length === 0 && traffic.error !== null ? null : <Graph samples={samples} />}
      <Section
        title={t('interfaces')}
        about={t('interfacesAbout')}
        actions={<CopyAs endpoint={getRouterInterfaces} input={input} />}
      >
        <Loaded asked={interfaces} height={320}>
          {({ items }) => <InterfaceTable interfaces={items} samples={samples} />}
        </Loaded>
        {traffic.error === null || interfaces.error !== null ? null : <Refusal problem={traffic.error} />}
      </Section>
    </Stack>
  );
}

function useSamples(answer: Traffic | undefined): readonly Traffic[] {
  const [samples, setSamples] = useState<readonly Traffic[]>([]);
  useEffect(() => {
    if (answer !== undefined) setSamples((before) => withSample(before, answer));
  }, [answer]);
  return samples;
}

function Graph({ samples }: { samples: readonly Traffic[] }) {
  const t = useWords(routerWords);
  const language = useLanguage();
  const [filters, setFilters] = useFilters(['interface']);
  const last = samples.at(-1);
  const [first] = samples;
  const name =
    filters.interface === '' ? ((first === undefined ? undefined : busiest(first)) ?? '') : filters.interface;
  const points = pointsOf(samples, name);
  const now = points.at(-1);
  return (
    <Section
      title={t('traffic', { name })}
      about={t('trafficAbout')}
      actions={
        <Select
          aria-label={t('chooseInterface')}
          size="xs"
          w={180}
          allowDeselect={false}
          data={last?.interfaces.map((found) => found.name) ?? []}
          value={name}
          onChange={(chosen) => setFilters({ interface: chosen ?? '' })}
        />
      }
    >
      <Text size="sm" mb="xs" className="figures">
        {now === undefined || now.receives === null || now.sends === null
          ? t('trafficWait')
          : `${t('receives')} ${rateText(now.receives * 1_000)} · ${t('sends')} ${rateText(now.sends * 1_000)}`}
      </Text>
      <Suspense fallback={<Skeleton h={CHART_HEIGHT} />}>
        <TrafficChart points={points} receives={t('receives')} sends={t('sends')} language={language} />
      </Suspense>
    </Section>
  );
}
