import { Checkbox, Group, NumberInput, Select, Stack, Switch, TagsInput, TextInput } from '@mantine/core';
import { updateAlertRule, type AlertRuleView } from '@turnpike/contracts/alerts.js';
import { alertKindNames } from '@turnpike/contracts/alert-kinds.js';
import { languages } from '@turnpike/contracts/languages.js';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useAct } from '../../api/use-act.js';
import { FormDialog } from '../../kit/form-dialog.js';
import { issueOf } from '../../kit/issue-of.js';
import { useWords } from '../../words/use-words.js';
import { kindWords } from './kind-words.js';
import { ruleWords } from './rule-words.js';

const FIELDS = ['threshold', 'clearMinutes', 'notify.emails', 'notify.msisdns', 'notify.quiet'] as const;
const LANGUAGE_NAMES = { en: 'English', sw: 'Kiswahili' } as const;
const NIGHT = { from: '22:00', to: '06:00' } as const;
const LONGEST_CLEAR = 120;

/** What a kind of alert looks for and who is told. */
export function RuleDialog({ rule, onClose }: { rule: AlertRuleView; onClose: () => void }) {
  const t = useWords(ruleWords);
  const kinds = useWords(kindWords);
  const act = useAct(updateAlertRule, { ownProblem: true });
  const [draft, setDraft] = useState(rule);
  const [isForAll, setForAll] = useState(false);
  const { notify } = draft;
  const set = (change: Partial<AlertRuleView>) => setDraft({ ...draft, ...change });
  const tell = (change: Partial<AlertRuleView['notify']>) => set({ notify: { ...notify, ...change } });

  const save = async () => {
    const { enabled, threshold, clearMinutes } = draft;
    await act.mutateAsync({ params: { kind: rule.kind }, body: { enabled, threshold, clearMinutes, notify } });
    const others = isForAll ? alertKindNames.filter((kind) => kind !== rule.kind) : [];
    for (const kind of others) await act.mutateAsync({ params: { kind }, body: { notify } });
    notifications.show({ color: 'green', message: t(isForAll ? 'savedAll' : 'saved') });
    onClose();
  };

  return (
    <FormDialog
      title={kinds(rule.kind)}
      about={kinds(`${rule.kind}_means`)}
      verb={t('save')}
      isBusy={act.isPending}
      problem={act.error}
      fields={FIELDS}
      onClose={onClose}
      // What went wrong is shown by the dialog.
      onSubmit={() => void save().catch(() => undefined)}
    >
      <Switch
        label={t('enabled')}
        description={t('enabledHint')}
        checked={draft.enabled}
        onChange={(event) => set({ enabled: event.currentTarget.checked })}
      />
      <Group grow align="flex-start" preventGrowOverflow={false}>
        {rule.unit === 'none' ? null : (
          <NumberInput
            label={t('thresholdField', { unit: t(`unit_${rule.unit}`) })}
            description={t('thresholdHint', { least: rule.least, most: rule.most })}
            min={rule.least}
            max={rule.most}
            allowDecimal={false}
            value={draft.threshold}
            onChange={(value) => set({ threshold: Number(value) })}
            error={issueOf(act.error, 'threshold')}
          />
        )}
        <NumberInput
          label={t('clear')}
          min={0}
          max={LONGEST_CLEAR}
          allowDecimal={false}
          description={t('clearHint')}
          value={draft.clearMinutes}
          onChange={(value) => set({ clearMinutes: Number(value) })}
          error={issueOf(act.error, 'clearMinutes')}
        />
      </Group>
      <Checkbox
        label={t('ownersField')}
        checked={notify.owners}
        onChange={(event) => tell({ owners: event.currentTarget.checked })}
      />
      <TagsInput
        label={t('emailsField')}
        description={t('addHint')}
        acceptValueOnBlur
        value={notify.emails}
        onChange={(emails) => tell({ emails })}
        error={issueOf(act.error, 'notify.emails')}
      />
      <TagsInput
        label={t('phonesField')}
        description={t('addHint')}
        acceptValueOnBlur
        value={notify.msisdns}
        onChange={(msisdns) => tell({ msisdns })}
        error={issueOf(act.error, 'notify.msisdns')}
      />
      <Select
        label={t('language')}
        allowDeselect={false}
        data={languages.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
        value={notify.language}
        onChange={(chosen) => tell({ language: languages.find((known) => known === chosen) ?? notify.language })}
      />
      <Stack gap="xs">
        <Checkbox
          label={t('quiet')}
          description={t('quietHint')}
          checked={notify.quiet !== null}
          onChange={(event) => tell({ quiet: event.currentTarget.checked ? NIGHT : null })}
        />
        {notify.quiet === null ? null : <QuietHours quiet={notify.quiet} onChange={(quiet) => tell({ quiet })} />}
      </Stack>
      <Checkbox
        label={t('allKinds')}
        description={t('allKindsHint')}
        checked={isForAll}
        onChange={(event) => setForAll(event.currentTarget.checked)}
      />
    </FormDialog>
  );
}

type Quiet = NonNullable<AlertRuleView['notify']['quiet']>;

function QuietHours({ quiet, onChange }: { quiet: Quiet; onChange: (quiet: Quiet) => void }) {
  const t = useWords(ruleWords);
  return (
    <Group grow>
      <TextInput
        type="time"
        required
        label={t('quietFrom')}
        value={quiet.from}
        onChange={(event) => onChange({ ...quiet, from: event.currentTarget.value })}
      />
      <TextInput
        type="time"
        required
        label={t('quietTo')}
        value={quiet.to}
        onChange={(event) => onChange({ ...quiet, to: event.currentTarget.value })}
      />
    </Group>
  );
}
