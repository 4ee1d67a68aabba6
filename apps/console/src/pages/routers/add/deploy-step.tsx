import { Alert, Button } from '@mantine/core';
import { getProvisioningStatus } from '@turnpike/contracts/provisioning.js';
import type { RouterDetailsView } from '@turnpike/contracts/routers.js';
import { useEffect } from 'react';
import { Link } from 'react-router';
import { useEndpoint } from '../../../api/use-endpoint.js';
import { EmptyState } from '../../../kit/empty-state.js';
import { Loaded } from '../../../kit/loaded.js';
import { useWords } from '../../../words/use-words.js';
import { isEnded } from '../run-ends.js';
import { RunProgress } from '../run-progress.js';
import { forgetDraft } from '../services-draft.js';
import { addWords } from './add-words.js';
import { addressOf } from './add-step.js';
import { StepCard } from './step-card.js';

/** The run, live. */
export function DeployStep({ router }: { router: RouterDetailsView }) {
  const t = useWords(addWords);
  const asked = useEndpoint(getProvisioningStatus, { params: { id: router.id } });
  const state = asked.data?.state;
  const isDone = state === 'succeeded';
  useEffect(() => {
    if (isDone) forgetDraft(localStorage, router.id);
  }, [isDone, router.id]);
  const isOver = state !== undefined && isEnded(state) && !isDone && state !== 'not_started';
  return (
    <StepCard
      title={isDone ? t('deployDone') : t('deployTitle')}
      {...(isDone || isOver ? {} : { about: t('deployText') })}
      next={
        isDone ? (
          <Button component={Link} to={addressOf('done', router.id)}>
            {t('next')}
          </Button>
        ) : isOver ? (
          <Button component={Link} to={addressOf('services', router.id)}>
            {t('deployAgain')}
          </Button>
        ) : null
      }
    >
      <Loaded asked={asked}>
        {(status) =>
          status.state === 'not_started' ? (
            <EmptyState
              title={t('deployNone')}
              text={t('deployNoneText')}
              action={
                <Button component={Link} to={addressOf('plan', router.id)}>
                  {t('plan')}
                </Button>
              }
            />
          ) : (
            <RunProgress status={status} />
          )
        }
      </Loaded>
      {state === 'failed' || state === 'rolled_back' ? <Alert color="blue">{t('deployFailed')}</Alert> : null}
    </StepCard>
  );
}
