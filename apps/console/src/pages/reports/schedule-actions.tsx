import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import {
  deleteReportSchedule,
  updateReportSchedule,
  type ReportScheduleView,
} from '@turnpike/contracts/report-schedules.js';
import { useState } from 'react';
import { useAct } from '../../api/use-act.js';
import { Confirm } from '../../kit/confirm.js';
import { exactTime } from '../../kit/when.js';
import { useLanguage } from '../../words/language.js';
import { useWords } from '../../words/use-words.js';
import { bodyOf, draftOf } from './schedule-draft.js';
import { ScheduleForm } from './schedule-form.js';
import { scheduleWords } from './schedule-words.js';

/** What can be done with a report that is sent. */
export function ScheduleActions({ schedule }: { schedule: ReportScheduleView }) {
  const t = useWords(scheduleWords);
  const language = useLanguage();
  const [open, setOpen] = useState<'edit' | 'remove' | undefined>();
  const close = () => setOpen(undefined);
  const params = { id: schedule.id };
  const change = useAct(updateReportSchedule, { ownProblem: true, onDone: close, says: () => t('saved') });
  const toggle = useAct(updateReportSchedule, {
    says: ({ nextAt }) =>
      nextAt === null ? t('paused') : t('resumed', { when: exactTime(new Date(nextAt), language) }),
  });
  const remove = useAct(deleteReportSchedule, { onDone: close, says: () => t('deleted') });
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t('actions')}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setOpen('edit')}>{t('edit')}</Menu.Item>
          <Menu.Item onClick={() => toggle.mutate({ params, body: { enabled: !schedule.enabled } })}>
            {schedule.enabled ? t('pause') : t('resume')}
          </Menu.Item>
          <Menu.Item color="red" onClick={() => setOpen('remove')}>
            {t('remove')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {open === 'edit' ? (
        <ScheduleForm
          title={t('editTitle')}
          verb={t('saveVerb')}
          what={schedule.what}
          start={draftOf(schedule)}
          isBusy={change.isPending}
          problem={change.error}
          onSubmit={(draft) => change.mutate({ params, body: bodyOf(draft) })}
          onClose={close}
        />
      ) : null}
      <Confirm
        isOpen={open === 'remove'}
        onClose={close}
        title={t('removeTitle')}
        consequences={t('removeText', { to: schedule.recipients.join(', ') })}
        verb={t('remove')}
        isDangerous
        isBusy={remove.isPending}
        onConfirm={() => remove.mutate({ params })}
      />
    </>
  );
}
