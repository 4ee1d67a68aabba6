import { Alert, Button, Stack } from '@mantine/core';
import { verifyConnectivity, type RouterDetailsView } from '@turnpike/contracts/routers.js';
import { Link } from 'react-router';
import { Facts } from '../../../kit/facts.js';
import { Refusal } from '../../../kit/refusal.js';
import { When } from '../../../kit/when.js';
import { useWords } from '../../../words/use-words.js';
import { ConnectionCheck } from '../connection-check.js';
import { Reachability } from '../router-states.js';
import { routerWords } from '../router-words.js';
import { routersWords } from '../routers-words.js';
import { useAskedNow } from '../use-asked-now.js';
import { addWords } from './add-words.js';
import { addressOf } from './add-step.js';
import { StepCard } from './step-card.js';

/** What the router says of itself, and that we get in. */
export function OnlineStep({ router }: { router: RouterDetailsView }) {
  const t = useWords(addWords);
  const words = useWords(routerWords);
  const list = useWords(routersWords);
  const asked = useAskedNow(verifyConnectivity, { params: { id: router.id } });
  const isReached = asked.data?.reachable ?? false;
  const isOnline = router.status === 'online' || isReached;
  return (
    <StepCard
      title={isOnline ? t('onlineTitle', { name: router.name }) : t('notYet')}
      about={t(isOnline ? 'onlineText' : 'notYetText')}
      back={addressOf('paste', router.id)}
      next={
        isOnline ? (
          <Button component={Link} to={addressOf('services', router.id)}>
            {t('next')}
          </Button>
        ) : (
          <Button loading={asked.isFetching} onClick={() => void asked.refetch()}>
            {words('verifyAgain')}
          </Button>
        )
      }
    >
      <Facts
        facts={[
          { label: list('status'), value: <Reachability status={router.status} /> },
          { label: words('model'), value: router.model ?? '–' },
          { label: words('version'), value: router.version ?? '–' },
          { label: words('serial'), value: router.serial ?? '–' },
          { label: words('address'), value: router.address ?? words('noAddress') },
          { label: words('lastSeen'), value: <When at={router.lastSeenAt} /> },
        ]}
      />
      <Stack gap="sm">
        {asked.error === null ? (
          <ConnectionCheck check={asked.isFetching ? undefined : asked.data} />
        ) : (
          <Refusal problem={asked.error} again={() => void asked.refetch()} />
        )}
        {router.lastError === null || isReached ? null : (
          <Alert color="orange" title={t('lastError')}>
            {router.lastError}
          </Alert>
        )}
      </Stack>
    </StepCard>
  );
}
