import { Button, Group, Loader, Stack, Text } from '@mantine/core';
import { planServiceConfig, type ServiceConfig } from '@turnpike/contracts/provisioning.js';
import type { RouterDetailsView } from '@turnpike/contracts/routers.js';
import { Link, useNavigate } from 'react-router';
import { EmptyState } from '../../../kit/empty-state.js';
import { Refusal } from '../../../kit/refusal.js';
import { useWords } from '../../../words/use-words.js';
import { DeployButton } from '../deploy-button.js';
import { PlanView } from '../plan-view.js';
import { serviceWords } from '../service-words.js';
import { ServiceSummary } from '../service-summary.js';
import { checkDraft, readDraft } from '../services-draft.js';
import { useAskedNow } from '../use-asked-now.js';
import { addWords } from './add-words.js';
import { addressOf } from './add-step.js';
import { StepCard } from './step-card.js';

/** Exactly what a deploy would change on this router. */
export function PlanStep({ router }: { router: RouterDetailsView }) {
  const t = useWords(addWords);
  const checked = checkDraft(readDraft(localStorage, router.id) ?? []);
  if (checked.issues !== undefined) {
    return (
      <StepCard title={t('planTitle')}>
        <EmptyState
          title={t('planNone')}
          text={t('planNoneText')}
          action={
            <Button component={Link} to={addressOf('services', router.id)}>
              {t('services')}
            </Button>
          }
        />
      </StepCard>
    );
  }
  return <Planned router={router} services={checked.services} />;
}

function Planned({ router, services }: { router: RouterDetailsView; services: readonly ServiceConfig[] }) {
  const t = useWords(addWords);
  const words = useWords(serviceWords);
  const navigate = useNavigate();
  const asked = useAskedNow(planServiceConfig, { params: { id: router.id }, body: { services: [...services] } });
  return (
    <StepCard
      title={t('planTitle')}
      about={t('planText')}
      back={addressOf('services', router.id)}
      next={
        <Group gap="xs">
          <Button variant="default" loading={asked.isFetching} onClick={() => void asked.refetch()}>
            {words('planAgain')}
          </Button>
          <DeployButton
            router={router}
            services={services}
            plan={asked.isFetching ? undefined : asked.data}
            onDone={() => void navigate(addressOf('deploy', router.id))}
          />
        </Group>
      }
    >
      <ServiceSummary services={services} />
      {asked.error === null ? null : <Refusal problem={asked.error} again={() => void asked.refetch()} />}
      {asked.data === undefined && asked.error === null ? (
        <Group gap="sm" role="status">
          <Loader size="xs" />
          <Text size="sm">{words('planning')}</Text>
        </Group>
      ) : null}
      {asked.data === undefined ? null : (
        <Stack>
          <PlanView plan={asked.data} />
        </Stack>
      )}
    </StepCard>
  );
}
