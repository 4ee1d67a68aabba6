import { createReportSchedule, type ScheduledReport } from '@turnpike/contracts/report-schedules.js';
import { useAct } from '../../api/use-act.js';
import { exactTime } from '../../kit/when.js';
import { useMe } from '../../session/session.js';
import { useLanguage } from '../../words/language.js';
import { useWords } from '../../words/use-words.js';
import { bodyOf, newDraft } from './schedule-draft.js';
import { ScheduleForm } from './schedule-form.js';
import { scheduleWords } from './schedule-words.js';

/** Has the report on the screen sent from now on. */
export function NewSchedule({ what, onClose }: { what: ScheduledReport; onClose: () => void }) {
  const t = useWords(scheduleWords);
  const language = useLanguage();
  const { email } = useMe();
  const act = useAct(createReportSchedule, {
    ownProblem: true,
    onDone: onClose,
    says: ({ nextAt }) => t('created', { when: nextAt === null ? '' : exactTime(new Date(nextAt), language) }),
  });
  return (
    <ScheduleForm
      title={t('newTitle')}
      verb={t('addVerb')}
      what={what}
      start={newDraft(email, language)}
      isBusy={act.isPending}
      problem={act.error}
      onSubmit={(draft) => act.mutate({ body: { what, ...bodyOf(draft) } })}
      onClose={onClose}
    />
  );
}
