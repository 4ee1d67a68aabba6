import { Alert, Anchor, Button, Stack, Text } from '@mantine/core';
import { getProvisioningStatus } from '@turnpike/contracts/provisioning.js';
import { getRouterDetails, type RouterDetailsView, type RouterLoad } from '@turnpike/contracts/routers.js';
import { Link } from 'react-router';
import type { z } from 'zod';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Facts } from '../../kit/facts.js';
import { durationText } from '../../kit/figures.js';
import { Loaded } from '../../kit/loaded.js';
import { Section } from '../../kit/section.js';
import { When } from '../../kit/when.js';
import { useMay } from '../../session/session.js';
import { useWords } from '../../words/use-words.js';
import { WideLoadBars } from './load-bars.js';
import { RadiusSection } from './radius-section.js';
import { RouterAlerts } from './router-alerts.js';
import { Deployment } from './router-states.js';
import { routerWords } from './router-words.js';
import { isEnded } from './run-ends.js';
import { RunProgress } from './run-progress.js';
import { useAskedNow } from './use-asked-now.js';

type Details = z.output<typeof getRouterDetails.response>;

/** What is wrong with a router, what is known of it, how loaded it is, and how RADIUS with it is. */
export function RouterOverview({ router }: { router: RouterDetailsView }) {
  const t = useWords(routerWords);
  const mayReadAlerts = useMay('alerts:read');
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
      {mayReadAlerts ? <RouterAlerts routerId={router.id} /> : null}
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
        <Stack>
          <Text size="sm">
            {t(router.loadReadAt === null ? 'notOnline' : 'notOnlineLast')}{' '}
            {router.loadReadAt === null ? null : <When at={router.loadReadAt} />}
          </Text>
          <WideLoadBars load={router} />
        </Stack>
      )}
    </Section>
  );
}

function LoadFigures({ details }: { details: Details }) {
  const t = useWords(routerWords);
  return (
    <Stack>
      <WideLoadBars load={loadOf(details)} />
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

/** A router that does not say how much it has in all says 0. */
function loadOf(details: Details): RouterLoad {
  return {
    loadReadAt: null,
    cpuLoad: details.cpuLoadPercent,
    memoryFree: details.freeMemoryBytes,
    memoryTotal: details.totalMemoryBytes,
    diskFree: details.freeDiskBytes,
    diskTotal: details.totalDiskBytes,
  };
}
