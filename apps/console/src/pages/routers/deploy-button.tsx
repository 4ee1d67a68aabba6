import { deployServiceConfig, type PlanView, type ServiceConfig } from '@turnpike/contracts/provisioning.js';
import type { RouterDetailsView } from '@turnpike/contracts/routers.js';
import { useState } from 'react';
import { useAct } from '../../api/use-act.js';
import { Action } from '../../kit/action.js';
import { Confirm } from '../../kit/confirm.js';
import { useWords } from '../../words/use-words.js';
import { serviceWords } from './service-words.js';

interface Props {
  readonly router: Pick<RouterDetailsView, 'id' | 'name'>;
  readonly services: readonly ServiceConfig[];
  /** Of these services; undefined: not made yet. */
  readonly plan: PlanView | undefined;
  readonly onDone: () => void;
}

/** Deploys what was planned, after a question. */
export function DeployButton({ router, services, plan, onDone }: Props) {
  const t = useWords(serviceWords);
  const [isAsking, setAsking] = useState(false);
  const deploy = useAct(deployServiceConfig, {
    says: () => t('started'),
    onDone: () => {
      setAsking(false);
      onDone();
    },
  });
  const because =
    plan === undefined ? t('deployNeedsPlan') : plan.conflicts.length > 0 ? t('deployConflicts') : undefined;
  return (
    <>
      <Action needs="provisioning:deploy" because={because} onClick={() => setAsking(true)}>
        {t('deploy')}
      </Action>
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t('deployTitle', { name: router.name })}
        consequences={t('deployText')}
        verb={t('deployGo')}
        isBusy={deploy.isPending}
        onConfirm={() => deploy.mutate({ params: { id: router.id }, body: { services: [...services] } })}
      />
    </>
  );
}
