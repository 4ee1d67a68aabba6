import { Alert, Button, Group, List, Loader, Modal, Select, Stack, Text } from '@mantine/core';
import {
  bulkRouters,
  type BulkAction,
  type BulkAnswer,
  type BulkOutcome,
  type ServiceConfig,
} from '@turnpike/contracts/provisioning.js';
import { getRouter, type RouterView } from '@turnpike/contracts/routers.js';
import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiProblem } from '../../api/api-problem.js';
import { useAct } from '../../api/use-act.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Refusal } from '../../kit/refusal.js';
import { useWords } from '../../words/use-words.js';
import { deployedServicesOf } from './deployed-services.js';
import { routersWords } from './routers-words.js';
import { ServiceSummary } from './service-summary.js';
import { useAskedNow } from './use-asked-now.js';

interface Props {
  readonly action: BulkAction;
  readonly routers: readonly RouterView[];
  readonly onClose: () => void;
}

const TITLES = { verify: 'bulkVerify', reset: 'bulkReset', deploy: 'bulkDeploy' } as const;
const ABOUT = { verify: 'bulkVerifyAbout', reset: 'bulkResetAbout', deploy: 'bulkDeployAbout' } as const;
const GO = { verify: 'goVerify', reset: 'goReset', deploy: 'goDeploy' } as const;

/** Says on how many routers an action would be done, does it, and says what became of each. */
export function BulkDialog({ action, routers, onClose }: Props) {
  const t = useWords(routersWords);
  const [modelId, setModelId] = useState<string | null>(null);
  const model = useEndpoint(getRouter, { params: { id: modelId ?? '' } }, { enabled: modelId !== null });
  const services = model.data === undefined ? [] : deployedServicesOf(model.data);
  const isReady = action !== 'deploy' || services.length > 0;
  const body = {
    ids: routers.map(({ id }) => id),
    action,
    ...(action === 'deploy' ? { services: [...services] } : {}),
  };
  const would = useAskedNow(bulkRouters, { body: { ...body, dryRun: true } }, { enabled: isReady });
  const act = useAct(bulkRouters, { ownProblem: true });
  const isDone = act.data !== undefined;
  return (
    <Modal opened onClose={onClose} title={t(TITLES[action])} size="lg" centered>
      <Stack>
        <Text size="sm">{t(ABOUT[action])}</Text>
        {action === 'deploy' && !isDone ? (
          <ModelChoice routers={routers} id={modelId} onChoose={setModelId} services={services} />
        ) : null}
        {model.error === null ? null : <Refusal problem={model.error} />}
        {isDone || !isReady ? null : <Would asked={would} />}
        {act.data === undefined ? null : <Did answer={act.data} />}
        {act.error === null ? null : <Refusal problem={act.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t(isDone ? 'close' : 'cancel')}
          </Button>
          {isDone ? null : (
            <Button
              loading={act.isPending}
              disabled={(would.data?.accepted ?? 0) === 0}
              onClick={() => act.mutate({ body })}
            >
              {t(GO[action], { count: would.data?.accepted ?? routers.length })}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

interface ChoiceProps {
  readonly routers: readonly RouterView[];
  readonly id: string | null;
  readonly onChoose: (id: string | null) => void;
  readonly services: readonly ServiceConfig[];
}

/** The services to deploy: those that one of the routers already has. */
function ModelChoice({ routers, id, onChoose, services }: ChoiceProps) {
  const t = useWords(routersWords);
  const models = routers.filter(({ deployment }) => deployment === 'active' || deployment === 'drifted');
  if (models.length === 0) return <Alert color="orange">{t('servicesOfNone')}</Alert>;
  return (
    <>
      <Select
        label={t('servicesOf')}
        description={t('servicesOfHelp')}
        data={models.map((router) => ({ value: router.id, label: router.name }))}
        value={id}
        onChange={onChoose}
      />
      {services.length === 0 ? null : <ServiceSummary services={services} />}
    </>
  );
}

function Would({ asked }: { asked: UseQueryResult<BulkAnswer, ApiProblem> }) {
  const t = useWords(routersWords);
  if (asked.error !== null) return <Refusal problem={asked.error} again={() => void asked.refetch()} />;
  if (asked.data === undefined) {
    return (
      <Group gap="sm" role="status">
        <Loader size="xs" />
        <Text size="sm">{t('dryRun')}</Text>
      </Group>
    );
  }
  const { accepted, refused, items } = asked.data;
  return (
    <Stack gap="xs" role="status">
      <Text fw={600}>{accepted === 0 ? t('wouldNone') : t('wouldDo', { count: accepted })}</Text>
      {refused === 0 ? null : <LeftOut title={t('wouldRefuse', { count: refused })} items={items} />}
    </Stack>
  );
}

function Did({ answer }: { answer: BulkAnswer }) {
  const t = useWords(routersWords);
  const { accepted, refused, items, action } = answer;
  return (
    <Stack gap="xs" role="status">
      {accepted === 0 ? null : (
        <Alert color="green">{t(action === 'deploy' ? 'queued' : 'did', { count: accepted })}</Alert>
      )}
      {refused === 0 ? null : <LeftOut title={t('refused', { count: refused })} items={items} />}
    </Stack>
  );
}

function LeftOut({ title, items }: { title: string; items: readonly BulkOutcome[] }) {
  return (
    <Alert color="orange" title={title}>
      <List size="sm">
        {items
          .filter(({ outcome }) => outcome === 'refused')
          .map(({ id, name, detail }) => (
            <List.Item key={id}>
              <b>{name ?? id}</b>: {detail}
            </List.Item>
          ))}
      </List>
    </Alert>
  );
}
