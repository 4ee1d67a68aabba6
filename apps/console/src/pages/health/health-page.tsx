import { Alert, Button, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { getHealth } from '@turnpike/contracts/operations.js';
import type { z } from 'zod';
import { useEndpoint } from '../../api/use-endpoint.js';
import { CopyAs } from '../../kit/copy-as.js';
import { Loaded } from '../../kit/loaded.js';
import { Page } from '../../kit/page.js';
import { Section } from '../../kit/section.js';
import { Status } from '../../kit/status.js';
import { useWords } from '../../words/use-words.js';
import { CacheSection } from './cache-section.js';
import { componentKind, remedyOf } from './component-kind.js';
import { healthWords } from './health-words.js';

type Health = z.output<typeof getHealth.response>;
type Component = Health['components'][number];

/** Whether every part answers, and what to do where one does not. */
export function HealthPage() {
  const t = useWords(healthWords);
  const asked = useEndpoint(getHealth);
  return (
    <Page
      title={t('title')}
      actions={
        <>
          <CopyAs endpoint={getHealth} />
          <Button variant="default" loading={asked.isFetching} onClick={() => void asked.refetch()}>
            {t('checkAgain')}
          </Button>
        </>
      }
    >
      <Loaded asked={asked} height={360}>
        {(health) => <Components health={health} />}
      </Loaded>
      <CacheSection />
    </Page>
  );
}

function Components({ health: { components } }: { health: Health }) {
  const t = useWords(healthWords);
  const unwell = components.filter(({ ok }) => !ok).length;
  const stores = components.filter(({ name }) => componentKind(name).isStore);
  const processes = components.filter(({ name }) => !componentKind(name).isStore);
  return (
    <Stack>
      {unwell === 0 ? (
        <Alert color="green" icon={<IconCircleCheck />} title={t('allWell')}>
          {t('allWellText', { count: components.length })}
        </Alert>
      ) : (
        <Alert color="red" icon={<IconAlertTriangle />} title={t('unwell', { count: unwell })} role="alert">
          {t('unwellText')}
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Section title={t('stores')}>
          <Lines components={stores} />
        </Section>
        <Section title={t('processes')}>
          <Lines components={processes} />
        </Section>
      </SimpleGrid>
    </Stack>
  );
}

function Lines({ components }: { components: readonly Component[] }) {
  return (
    <Stack gap="sm">
      {components.map((component) => (
        <Line key={component.name} component={component} />
      ))}
    </Stack>
  );
}

function Line({ component: { name, ok, ms, detail } }: { component: Component }) {
  const t = useWords(healthWords);
  const { kind, instance } = componentKind(name);
  return (
    <div>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" fw={500}>
          {t(kind)} {instance}
        </Text>
        <Group gap="xs" wrap="nowrap">
          <Text size="xs" c="dimmed" className="figures" visibleFrom="xs">
            {t('took', { ms: Math.round(ms) })}
          </Text>
          <Status tone={ok ? 'good' : 'bad'}>{t(ok ? 'ok' : 'bad')}</Status>
        </Group>
      </Group>
      {ok ? null : (
        <>
          <Text size="sm" c="red">
            {detail}
          </Text>
          <Text size="sm">{t(remedyOf(kind))}</Text>
        </>
      )}
    </div>
  );
}
