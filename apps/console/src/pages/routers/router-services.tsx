import { Alert, Button, Group, Loader, Stack, Text } from '@mantine/core';
import {
  deployServiceConfig,
  getProvisioningStatus,
  planServiceConfig,
  type ServiceConfig,
} from '@turnpike/contracts/provisioning.js';
import type { RouterDetailsView } from '@turnpike/contracts/routers.js';
import { useState } from 'react';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { CopyAs } from '../../kit/copy-as.js';
import { EmptyState } from '../../kit/empty-state.js';
import { Refusal } from '../../kit/refusal.js';
import { Section } from '../../kit/section.js';
import { useWords } from '../../words/use-words.js';
import { DeployButton } from './deploy-button.js';
import { deployedServicesOf } from './deployed-services.js';
import { PlanView } from './plan-view.js';
import { deployCommand } from './router-commands.js';
import { RunProgress } from './run-progress.js';
import { ServiceSummary } from './service-summary.js';
import { serviceWords } from './service-words.js';
import { checkDraft, draftOf, forgetDraft, keepDraft, readDraft, type ServicesDraft } from './services-draft.js';
import { ServicesForm } from './services-form.js';
import { useAskedNow } from './use-asked-now.js';

/** What runs on a router, and the way to something else: edit, plan, deploy. */
export function RouterServices({ router }: { router: RouterDetailsView }) {
  const t = useWords(serviceWords);
  const deployed = deployedServicesOf(router);
  const [draft, setDraft] = useState(() => unfinished(router.id, deployed));
  const status = useEndpoint(getProvisioningStatus, { params: { id: router.id } });
  const change = (next: ServicesDraft | undefined) => {
    if (next === undefined) forgetDraft(localStorage, router.id);
    else keepDraft(localStorage, router.id, next);
    setDraft(next);
  };
  const edit = () => setDraft(readDraft(localStorage, router.id) ?? draftOf(deployed));
  return (
    <Stack>
      {status.data === undefined || status.data.state === 'not_started' ? null : (
        <Section title={t('deploy')}>
          <RunProgress status={status.data} />
        </Section>
      )}
      {draft === undefined ? (
        <Section
          title={t('current')}
          actions={
            deployed.length === 0 ? null : (
              <Action needs="provisioning:deploy" size="xs" onClick={edit}>
                {t('edit')}
              </Action>
            )
          }
        >
          {deployed.length === 0 ? (
            <EmptyState
              title={t('noneYet')}
              text={t('noneYetText')}
              action={
                <Action needs="provisioning:deploy" onClick={edit}>
                  {t('edit')}
                </Action>
              }
            />
          ) : (
            <ServiceSummary services={deployed} />
          )}
        </Section>
      ) : (
        <Editor router={router} draft={draft} onChange={change} onDeployed={() => setDraft(undefined)} />
      )}
    </Stack>
  );
}

interface EditorProps {
  readonly router: RouterDetailsView;
  readonly draft: ServicesDraft;
  readonly onChange: (draft: ServicesDraft | undefined) => void;
  /** What was entered is kept until it is on the router: a run may fail. */
  readonly onDeployed: () => void;
}

/** What was entered and is not on the router. */
function unfinished(routerId: string, deployed: readonly ServiceConfig[]): ServicesDraft | undefined {
  const kept = readDraft(localStorage, routerId);
  if (kept === undefined || kept.length === 0) return undefined;
  return JSON.stringify(checkDraft(kept).services) === JSON.stringify(deployed) ? undefined : kept;
}

function Editor({ router, draft, onChange, onDeployed }: EditorProps) {
  const t = useWords(serviceWords);
  const [planned, setPlanned] = useState<readonly ServiceConfig[] | undefined>();
  const [isChecked, setChecked] = useState(false);
  const checked = checkDraft(draft);
  const input = { params: { id: router.id }, body: { services: [...(planned ?? [])] } };
  const plan = useAskedNow(planServiceConfig, input, { enabled: planned !== undefined });
  const refused = plan.error?.issues ?? [];
  const change = (next: ServicesDraft) => {
    setPlanned(undefined);
    onChange(next);
  };
  const ask = () => {
    setChecked(true);
    if (checked.issues !== undefined) return;
    if (planned === undefined) setPlanned(checked.services);
    else void plan.refetch();
  };
  return (
    <Stack>
      <Section title={t('edit')} about={t('draftKept')}>
        <Stack>
          <ServicesForm
            routerId={router.id}
            draft={draft}
            issues={[...(isChecked ? (checked.issues ?? []) : []), ...refused]}
            onChange={change}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => onChange(undefined)}>
              {t('cancelEdit')}
            </Button>
            <Action
              needs="provisioning:read"
              because={draft.length === 0 ? t('choose') : undefined}
              variant={plan.data === undefined ? 'filled' : 'default'}
              loading={plan.isFetching}
              onClick={ask}
            >
              {t(plan.data === undefined ? 'plan' : 'planAgain')}
            </Action>
          </Group>
          {router.status === 'online' ? null : <Alert color="orange">{t('offlineText')}</Alert>}
        </Stack>
      </Section>
      {planned === undefined ? null : (
        <Section
          title={t('planTitle')}
          actions={
            <Group gap="xs">
              <CopyAs endpoint={deployServiceConfig} input={input} command={deployCommand(router.name, planned)} />
              <DeployButton
                router={router}
                services={planned}
                plan={plan.isFetching ? undefined : plan.data}
                onDone={onDeployed}
              />
            </Group>
          }
        >
          {plan.error !== null && refused.length === 0 ? (
            <Refusal problem={plan.error} again={() => void plan.refetch()} />
          ) : null}
          {plan.data === undefined && plan.error === null ? (
            <Group gap="sm" role="status">
              <Loader size="xs" />
              <Text size="sm">{t('planning')}</Text>
            </Group>
          ) : null}
          {plan.data === undefined ? null : <PlanView plan={plan.data} />}
        </Section>
      )}
    </Stack>
  );
}
