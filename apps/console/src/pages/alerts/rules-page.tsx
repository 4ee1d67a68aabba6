import { Box, Text } from '@mantine/core';
import { listAlertRules, type AlertRuleView } from '@turnpike/contracts/alerts.js';
import { useState } from 'react';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { Status } from '../../kit/status.js';
import { wholeList } from '../../kit/whole-list.js';
import { useWords } from '../../words/use-words.js';
import { alertWords } from './alert-words.js';
import { AlertsFrame } from './alerts-frame.js';
import { kindWords } from './kind-words.js';
import { RuleDialog } from './rule-dialog.js';
import { ruleWords } from './rule-words.js';
import { useMeasure } from './use-measure.js';

/** What is looked for, and who is told. */
export function AlertRulesPage() {
  const t = useWords(ruleWords);
  const measure = useMeasure();
  const asked = useEndpoint(listAlertRules);
  const [changing, setChanging] = useState<AlertRuleView>();
  return (
    <AlertsFrame about={t('about')} actions={<CopyAs endpoint={listAlertRules} />}>
      <DataTable
        caption={t('about')}
        pages={wholeList(asked)}
        idOf={({ kind }) => kind}
        columns={[
          { key: 'kind', title: t('rule'), render: (rule) => <Kind rule={rule} /> },
          {
            key: 'threshold',
            title: t('threshold'),
            align: 'right',
            from: 'xs',
            render: ({ kind, threshold }) => measure(kind, threshold),
          },
          { key: 'told', title: t('told'), from: 'sm', render: (rule) => <Told rule={rule} /> },
          {
            key: 'state',
            title: t('state'),
            from: 'md',
            render: ({ enabled }) => <Status tone={enabled ? 'good' : 'quiet'}>{t(enabled ? 'on' : 'off')}</Status>,
          },
          {
            key: 'change',
            title: '',
            align: 'right',
            render: (rule) => (
              <Action needs="alerts:write" size="xs" variant="light" onClick={() => setChanging(rule)}>
                {t('change')}
              </Action>
            ),
          },
        ]}
        empty={<EmptyState title={t('rule')} text={t('about')} />}
      />
      {changing === undefined ? null : <RuleDialog rule={changing} onClose={() => setChanging(undefined)} />}
    </AlertsFrame>
  );
}

function Kind({ rule }: { rule: AlertRuleView }) {
  const kinds = useWords(kindWords);
  const t = useWords(alertWords);
  const words = useWords(ruleWords);
  const measure = useMeasure();
  return (
    <>
      <Text size="sm" fw={500}>
        {kinds(rule.kind)}
      </Text>
      <Text size="xs" c="dimmed">
        {t(rule.severity)}
        {rule.enabled ? '' : ` · ${words('off')}`}
      </Text>
      <Text size="xs" c="dimmed" hiddenFrom="xs">
        {`${words('threshold')}: ${measure(rule.kind, rule.threshold)}`}
      </Text>
      <Box hiddenFrom="sm">
        <Told rule={rule} size="xs" />
      </Box>
    </>
  );
}

function Told({ rule: { notify }, size = 'sm' }: { rule: AlertRuleView; size?: 'xs' | 'sm' }) {
  const t = useWords(ruleWords);
  const { owners, emails, msisdns, quiet } = notify;
  const parts = [
    ...(owners ? [t('owners')] : []),
    ...(emails.length === 0 ? [] : [t('emails', { count: emails.length })]),
    ...(msisdns.length === 0 ? [] : [t('phones', { count: msisdns.length })]),
  ];
  return (
    <Text size={size} c={parts.length === 0 || size === 'xs' ? 'dimmed' : undefined}>
      {parts.length === 0 ? t('nobody') : parts.join(', ')}
      {quiet === null || parts.length === 0 ? '' : ` · ${t('quietText', quiet)}`}
    </Text>
  );
}
