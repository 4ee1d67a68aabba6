import { Alert, Anchor, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { getProvisioningStatus } from '@turnpike/contracts/provisioning.js';
import { getRouterDetails, type RouterDetailsView } from '@turnpike/contracts/routers.js';
import { Link } from 'react-router';
import type { z } from 'zod';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Facts } from '../../kit/facts.js';
import { durationText, octetsText } from '../../kit/figures.js';
import { Loaded } from '../../kit/loaded.js';
import { Section } from '../../kit/section.js';
import { When } from '../../kit/when.js';
import { useWords } from '../../words/use-words.js';
import { RadiusSection } from './radius-section.js';
import { Deployment } from './router-states.js';
import { routerWords } from './router-words.js';
import { isEnded } from './run-ends.js';
import { RunProgress } from './run-progress.js';
import { useAskedNow } from './use-asked-now.js';

const BUSY_PERCENT = 80;

/** What is known of a router, how loaded it is, and how RADIUS with it is. */
export function RouterOverview({ router }: { router: RouterDetailsView }) {
  const t = useWords(routerWords);
  const status = useEndpoint(getProvisioningStatus, { params: { id: router.id } });
  const isTelling = status.data !== undefined && (!isEnded(status.data.state) || status.data.state === 'failed');
  return (
    <Stack>
      {router.lastError === null ? null : (
        <Alert color="red" title={t('lastError')}>
          {router.lastError}
        </Alert>
      )}
      {isTelling && status.data !== undefined ? (
        <Section title={t('deployment')}>
          <RunProgress status={status.data} />
        </Section>
      ) : null}
      <Section title={t('facts')}>
        <Facts
          facts={[
            { label: t('deployment'), value: <Deployment state={router.deployment} /> },
            {
              label: t('onlineNow'),
              value: (
                <Anchor component={Link} to={`/sessions?routerId=${router.id}`} size="sm">
                  {router.openSessions}
                </Anchor>
              ),
            },
            { label: t('site'), value: router.site ?? t('noSite') },
            { label: t('model'), value: router.model ?? '–' },
            { label: t('version'), value: router.version ?? '–' },
            { label: t('serial'), value: router.serial ?? '–' },
            { label: t('identity'), value: router.identity ?? '–' },
            {
              label: t('address'),
              value: router.address === null ? t('noAddress') : `${router.address}:${router.apiPort}`,
            },
            { label: t('lastSeen'), value: <When at={router.lastSeenAt} /> },
            { label: t('lastChecked'), value: <When at={router.lastCheckedAt} /> },
            { label: t('added'), value: <When at={router.createdAt} /> },
          ]}
        />
      </Section>
      <Load router={router} />
      <RadiusSection router={router} />
    </Stack>
  );
}

function Load({ router }: { router: RouterDetailsView }) {
  const t = useWords(routerWords);
  const isOnline = router.status === 'online';
  const asked = useAskedNow(getRouterDetails, { params: { id: router.id } }, { enabled: isOnline });
  return (
    <Section
      title={t('load')}
      {...(isOnline ? { about: t('loadAbout') } : {})}
      actions={
        isOnline ? (
          <Button size="xs" variant="default" loading={asked.isFetching} onClick={() => void asked.refetch()}>
            {t('readAgain')}
          </Button>
        ) : null
      }
    >
      {isOnline ? (
        <Loaded asked={asked} height={96}>
          {(details) => <LoadFigures details={details} />}
        </Loaded>
      ) : (
        <Text size="sm">{t('notOnline')}</Text>
      )}
    </Section>
  );
}

function LoadFigures({ details }: { details: z.output<typeof getRouterDetails.response> }) {
  const t = useWords(routerWords);
  const total = BigInt(details.totalMemoryBytes);
  const used = total - BigInt(details.freeMemoryBytes);
  const memory = total === 0n ? 0 : Number((used * 100n) / total);
  const { cpuLoadPercent } = details;
  return (
    <Stack>
      <Group grow align="flex-start" preventGrowOverflow={false} gap="lg">
        <Bar
          label={t('cpu')}
          percent={cpuLoadPercent}
          text={cpuLoadPercent === null ? t('cpuUnknown') : `${cpuLoadPercent} %`}
        />
        <Bar
          label={t('memory')}
          percent={memory}
          text={t('memoryOf', { used: octetsText(used), total: octetsText(total) })}
        />
      </Group>
      <Facts
        facts={[
          { label: t('uptime'), value: durationText(details.uptimeSeconds) },
          { label: t('hotspotActive'), value: details.hotspotActive },
          { label: t('architecture'), value: details.architecture },
          { label: t('version'), value: details.version },
        ]}
      />
    </Stack>
  );
}

function Bar({ label, percent, text }: { label: string; percent: number | null; text: string }) {
  return (
    <div>
      <Group justify="space-between" mb={4}>
        <Text size="sm">{label}</Text>
        <Text size="sm" className="figures">
          {text}
        </Text>
      </Group>
      <Progress
        value={percent ?? 0}
        color={(percent ?? 0) >= BUSY_PERCENT ? 'orange' : 'green'}
        aria-label={`${label}: ${text}`}
      />
    </div>
  );
}
