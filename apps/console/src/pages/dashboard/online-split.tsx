import { Group, Progress, Stack, Text } from '@mantine/core';
import type { DashboardStats } from '@turnpike/contracts/dashboard.js';
import { Section } from '../../kit/section.js';
import { useWords } from '../../words/use-words.js';
import { dashboardWords } from './dashboard-words.js';

/** Hotspot and PPPoE among those online. */
export function OnlineSplit({ sessions: { hotspot, pppoe } }: Pick<DashboardStats, 'sessions'>) {
  const t = useWords(dashboardWords);
  const total = hotspot + pppoe;
  const share = (part: number) => (total === 0 ? 0 : (part / total) * 100);
  return (
    <Section title={t('services')}>
      <Stack gap="xs">
        <Progress.Root size="lg">
          <Progress.Section value={share(hotspot)} color="green" aria-label={t('hotspot')} />
          <Progress.Section value={share(pppoe)} color="blue" aria-label={t('pppoe')} />
        </Progress.Root>
        <Line color="green" label={t('hotspot')} count={hotspot} percent={share(hotspot)} />
        <Line color="blue" label={t('pppoe')} count={pppoe} percent={share(pppoe)} />
      </Stack>
    </Section>
  );
}

function Line({ color, label, count, percent }: { color: string; label: string; count: number; percent: number }) {
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text size="sm">
        <Text span c={color} aria-hidden>
          ●{' '}
        </Text>
        {label}
      </Text>
      <Text size="sm" className="figures">
        {count} · {Math.round(percent)} %
      </Text>
    </Group>
  );
}
