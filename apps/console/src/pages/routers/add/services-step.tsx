import type { RouterDetailsView } from '@turnpike/contracts/routers.js';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { Action } from '../../../kit/action.js';
import { useWords } from '../../../words/use-words.js';
import { deployedServicesOf } from '../deployed-services.js';
import { serviceWords } from '../service-words.js';
import { checkDraft, draftOf, keepDraft, readDraft, suggestService, type ServicesDraft } from '../services-draft.js';
import { ServicesForm } from '../services-form.js';
import { addWords } from './add-words.js';
import { addressOf } from './add-step.js';
import { StepCard } from './step-card.js';

/** Services and interfaces; what is entered stays in this browser until it is deployed. */
export function ServicesStep({ router }: { router: RouterDetailsView }) {
  const t = useWords(addWords);
  const services = useWords(serviceWords);
  const navigate = useNavigate();
  const [draft, setDraft] = useState(() => readDraft(localStorage, router.id) ?? firstDraft(router));
  const [isChecked, setChecked] = useState(false);
  const checked = checkDraft(draft);
  const change = (next: ServicesDraft) => {
    keepDraft(localStorage, router.id, next);
    setDraft(next);
  };
  const plan = () => {
    setChecked(true);
    if (checked.issues !== undefined) return;
    keepDraft(localStorage, router.id, draft);
    void navigate(addressOf('plan', router.id));
  };
  return (
    <StepCard
      title={t('servicesTitle')}
      about={t('servicesText')}
      back={addressOf('online', router.id)}
      next={
        <Action needs="provisioning:read" because={draft.length === 0 ? services('choose') : undefined} onClick={plan}>
          {t('showPlan')}
        </Action>
      }
    >
      <ServicesForm
        routerId={router.id}
        draft={draft}
        issues={isChecked ? (checked.issues ?? []) : []}
        onChange={change}
      />
    </StepCard>
  );
}

/** What runs already, else a hotspot: most routers get one. */
function firstDraft(router: RouterDetailsView): ServicesDraft {
  const deployed = deployedServicesOf(router);
  return deployed.length === 0 ? [suggestService('hotspot', [])] : draftOf(deployed);
}
