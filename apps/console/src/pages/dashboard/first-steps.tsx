import { Anchor, Group, List, Text, ThemeIcon } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { DashboardStats } from '@turnpike/contracts/dashboard.js';
import { listPackages } from '@turnpike/contracts/packages.js';
import { listRouters } from '@turnpike/contracts/routers.js';
import { Link } from 'react-router';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Section } from '../../kit/section.js';
import { Status } from '../../kit/status.js';
import { useWords } from '../../words/use-words.js';
import { dashboardWords } from './dashboard-words.js';
import { hasSold } from './has-sold.js';

/** What an empty system needs until the first customer pays; gone once something was sold. */
export function FirstSteps({ stats }: { stats: DashboardStats }) {
  const t = useWords(dashboardWords);
  const deployed = useEndpoint(listRouters, { query: { deployment: 'active', limit: 1 } });
  const packages = useEndpoint(listPackages, { query: { limit: 1 } });
  const steps = [
    { key: 'stepRouter', text: 'stepRouterText', to: '/routers/new', isDone: stats.routers.total > 0 },
    {
      key: 'stepServices',
      text: 'stepServicesText',
      to: '/routers',
      isDone: (deployed.data?.items.length ?? 0) > 0,
    },
    {
      key: 'stepPackage',
      text: 'stepPackageText',
      to: '/packages/new',
      isDone: (packages.data?.items.length ?? 0) > 0,
    },
    { key: 'stepSell', text: 'stepSellText', to: '/vouchers/new', isDone: hasSold(stats) },
  ] as const;
  return (
    <Section title={t('firstSteps')} about={t('firstStepsText')}>
      <List spacing="sm" listStyleType="none">
        {steps.map(({ key, text, to, isDone }, index) => (
          <List.Item
            key={key}
            icon={
              <ThemeIcon size={28} radius="xl" variant={isDone ? 'filled' : 'light'} color={isDone ? 'green' : 'gray'}>
                {isDone ? <IconCheck size={16} aria-hidden /> : index + 1}
              </ThemeIcon>
            }
          >
            <Group gap="sm">
              <Anchor component={Link} to={to} fw={600} size="sm">
                {t(key)}
              </Anchor>
              <Status tone={isDone ? 'good' : 'quiet'}>{t(isDone ? 'done' : 'toDo')}</Status>
            </Group>
            <Text size="sm" c="dimmed">
              {t(text)}
            </Text>
          </List.Item>
        ))}
      </List>
    </Section>
  );
}
