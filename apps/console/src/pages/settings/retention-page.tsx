import { NumberInput, Text } from '@mantine/core';
import { changeRetention, resetRetention, type SettingsView } from '@turnpike/contracts/settings.js';
import { useState } from 'react';
import { useAct } from '../../api/use-act.js';
import { Confirm } from '../../kit/confirm.js';
import { issueOf } from '../../kit/issue-of.js';
import { useWords } from '../../words/use-words.js';
import { GroupForm } from './group-form.js';
import { GroupPage } from './group-page.js';
import { groupWords } from './group-words.js';

const FIELDS = ['accountingPacketsDays', 'notificationsDays'] as const;

/** How long records are kept. */
export function RetentionPage() {
  const t = useWords(groupWords);
  return (
    <GroupPage group="retention" about={t('retentionAbout')}>
      {(settings) => <RetentionForm settings={settings} />}
    </GroupPage>
  );
}

function RetentionForm({ settings }: { settings: SettingsView['retention'] }) {
  const t = useWords(groupWords);
  const [accounting, setAccounting] = useState<number | string>(settings.accountingPacketsDays);
  const [notifications, setNotifications] = useState<number | string>(settings.notificationsDays);
  const [isAsking, setAsking] = useState(false);
  const save = useAct(changeRetention, { ownProblem: true, says: () => t('saved') });
  const isComplete = typeof accounting === 'number' && typeof notifications === 'number';
  const removesMore =
    isComplete && (accounting < settings.accountingPacketsDays || notifications < settings.notificationsDays);
  const send = () => {
    if (!isComplete) return;
    const body = { accountingPacketsDays: accounting, notificationsDays: notifications };
    save.mutate({ body }, { onSettled: () => setAsking(false) });
  };
  return (
    <GroupForm
      held={settings}
      reset={resetRetention}
      isBusy={save.isPending}
      isComplete={isComplete}
      problem={save.error}
      fields={FIELDS}
      onSubmit={() => (removesMore ? setAsking(true) : send())}
    >
      <NumberInput
        label={t('accounting')}
        description={t('accountingHint')}
        suffix={` ${t('days')}`}
        min={8}
        max={36_500}
        allowDecimal={false}
        hideControls
        value={accounting}
        onChange={setAccounting}
        error={issueOf(save.error, 'accountingPacketsDays')}
      />
      <NumberInput
        label={t('messages')}
        description={t('messagesHint')}
        suffix={` ${t('days')}`}
        min={90}
        max={36_500}
        allowDecimal={false}
        hideControls
        value={notifications}
        onChange={setNotifications}
        error={issueOf(save.error, 'notificationsDays')}
      />
      <Text size="sm" c="dimmed">
        {t('auditNote')}
      </Text>
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t('fewerTitle')}
        consequences={t('fewer')}
        verb={t('fewerVerb')}
        isDangerous
        isBusy={save.isPending}
        onConfirm={send}
      />
    </GroupForm>
  );
}
