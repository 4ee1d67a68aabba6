import { createOperator, listOperators } from '@turnpike/contracts/auth.js';
import { useState } from 'react';
import { useAct } from '../../api/use-act.js';
import { usePages } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { RowLink } from '../../kit/row-link.js';
import { Text } from '@mantine/core';
import { Status } from '../../kit/status.js';
import { When } from '../../kit/when.js';
import { useWords } from '../../words/use-words.js';
import { OperatorDialog } from './operator-dialog.js';
import { SettingsFrame } from './settings-frame.js';
import { settingsWords } from './settings-words.js';

/** Who may sign in, and as what. */
export function OperatorsPage() {
  const t = useWords(settingsWords);
  const [isAdding, setAdding] = useState(false);
  const pages = usePages(listOperators);
  const act = useAct(createOperator, {
    ownProblem: true,
    says: ({ name }) => t('added', { name }),
    onDone: () => setAdding(false),
  });
  const add = (
    <Action needs="operators:manage" onClick={() => setAdding(true)}>
      {t('add')}
    </Action>
  );
  return (
    <SettingsFrame
      actions={
        <>
          <CopyAs endpoint={listOperators} />
          {add}
        </>
      }
    >
      <DataTable
        caption={t('tabOperators')}
        pages={pages}
        idOf={({ id }) => id}
        columns={[
          {
            key: 'name',
            title: t('name'),
            render: ({ id, name, email }) => (
              <div>
                <RowLink to={`/settings/operators/${id}`}>{name}</RowLink>
                <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                  {email}
                </Text>
              </div>
            ),
          },
          { key: 'role', title: t('role'), render: ({ role }) => t(role) },
          { key: 'sites', title: t('sites'), from: 'md', render: ({ sites }) => sites?.join(', ') ?? t('allSites') },
          {
            key: 'two',
            title: t('twoFactor'),
            from: 'sm',
            render: ({ twoFactor }) => (
              <Status tone={twoFactor ? 'good' : 'warn'}>{t(twoFactor ? 'twoFactorOn' : 'twoFactorOff')}</Status>
            ),
          },
          {
            key: 'state',
            title: t('state'),
            from: 'xs',
            render: ({ disabledAt }) => (
              <Status tone={disabledAt === null ? 'good' : 'quiet'}>
                {t(disabledAt === null ? 'enabled' : 'disabled')}
              </Status>
            ),
          },
          { key: 'since', title: t('since'), from: 'lg', render: ({ createdAt }) => <When at={createdAt} /> },
        ]}
        empty={<EmptyState title={t('emptyOperators')} text={t('emptyOperatorsText')} action={add} />}
      />
      {isAdding ? (
        <OperatorDialog
          title={t('add')}
          verb={t('addVerb')}
          isBusy={act.isPending}
          problem={act.error}
          onSubmit={({ email, password, ...fields }) => act.mutate({ body: { ...fields, email, password } })}
          onClose={() => setAdding(false)}
        />
      ) : null}
    </SettingsFrame>
  );
}
