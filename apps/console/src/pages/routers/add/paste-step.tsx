import { Alert, Button, Group, List, Loader, Stack, Text } from '@mantine/core';
import { getRouterBootstrapScript, type RouterDetailsView } from '@turnpike/contracts/routers.js';
import { useEffect, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useEndpoint } from '../../../api/use-endpoint.js';
import { Loaded } from '../../../kit/loaded.js';
import { useWords } from '../../../words/use-words.js';
import { BootstrapScript } from '../bootstrap-script.js';
import { addWords } from './add-words.js';
import { addressOf } from './add-step.js';
import { StepCard } from './step-card.js';
import { useWaited } from './use-waited.js';

const HINT_AFTER_MS = 45_000;

/** The script to paste; goes on as soon as the router was seen, of which an event tells. */
export function PasteStep({ router }: { router: RouterDetailsView }) {
  const t = useWords(addWords);
  const asked = useEndpoint(getRouterBootstrapScript, { params: { id: router.id } });
  const navigate = useNavigate();
  const [wasSeen] = useState(router.status !== 'pending');
  const isSeen = router.status !== 'pending';
  useEffect(() => {
    // Whoever came back to look at the script stays with it.
    if (isSeen && !wasSeen) void navigate(addressOf('online', router.id));
  }, [isSeen, wasSeen, navigate, router.id]);
  return (
    <StepCard
      title={t('pasteTitle')}
      about={t('pasteText')}
      next={
        isSeen ? (
          <Button component={Link} to={addressOf('online', router.id)}>
            {t('next')}
          </Button>
        ) : null
      }
    >
      <Loaded asked={asked} height={260}>
        {({ bootstrapScript }) => <BootstrapScript script={bootstrapScript} isMain={!isSeen} />}
      </Loaded>
      {isSeen ? <Alert color="green">{t('seen', { name: router.name })}</Alert> : <Waiting router={router} />}
    </StepCard>
  );
}

function Waiting({ router }: { router: RouterDetailsView }) {
  const t = useWords(addWords);
  const isLong = useWaited(true, HINT_AFTER_MS);
  return (
    <Stack gap="sm">
      <Group gap="sm" role="status" wrap="nowrap">
        <Loader size="sm" />
        <div>
          <Text size="sm" fw={600}>
            {t('waiting')}
          </Text>
          <Text size="sm" c="dimmed">
            {t('waitingText')}
          </Text>
        </div>
      </Group>
      {router.lastError === null ? null : (
        <Alert color="orange" title={t('lastError')}>
          {router.lastError}
        </Alert>
      )}
      {isLong || router.lastError !== null ? (
        <Alert color="blue" title={t('hintTitle')}>
          <List size="sm" spacing={4}>
            <List.Item>{t('hintTime')}</List.Item>
            <List.Item>{t('hintOut')}</List.Item>
            <List.Item>{t('hintIn', { port: router.apiPort })}</List.Item>
            <List.Item>{t('hintAddress')}</List.Item>
          </List>
          <Button component={Link} to={`/routers/${router.id}?tab=setup`} variant="default" size="xs" mt="sm">
            {t('enterAddress')}
          </Button>
        </Alert>
      ) : null}
    </Stack>
  );
}
