import { Button, Code, Modal, MultiSelect, Stack, Text, TextInput } from '@mantine/core';
import { createApiToken, listApiTokens, revokeApiToken, type ApiTokenView } from '@turnpike/contracts/auth.js';
import { permissions } from '@turnpike/contracts/permissions.js';
import { useState } from 'react';
import { useAct } from '../../api/use-act.js';
import { usePages } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { Confirm } from '../../kit/confirm.js';
import { CopyAs } from '../../kit/copy-as.js';
import { CopyButton } from '../../kit/copy-button.js';
import { DataTable } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { FormDialog } from '../../kit/form-dialog.js';
import { InstantField } from '../../kit/instant-field.js';
import { issueOf } from '../../kit/issue-of.js';
import { When } from '../../kit/when.js';
import { useMe } from '../../session/session.js';
import { useWords } from '../../words/use-words.js';
import { securityWords } from './security-words.js';
import { SettingsFrame } from './settings-frame.js';

/** Tokens of the operator, for scripts. */
export function TokensPage() {
  const t = useWords(securityWords);
  const [isMaking, setMaking] = useState(false);
  const [revoked, setRevoked] = useState<ApiTokenView>();
  const [token, setToken] = useState('');
  const pages = usePages(listApiTokens);
  const make = (
    <Action needs="tokens:manage" onClick={() => setMaking(true)}>
      {t('make')}
    </Action>
  );
  return (
    <SettingsFrame
      about={t('tokensAbout')}
      actions={
        <>
          <CopyAs endpoint={listApiTokens} />
          {make}
        </>
      }
    >
      <DataTable
        caption={t('token')}
        pages={pages}
        idOf={({ id }) => id}
        columns={[
          { key: 'name', title: t('name'), render: ({ name }) => name },
          {
            key: 'scopes',
            title: t('scopes'),
            from: 'sm',
            render: ({ scopes }) => (scopes.length === 0 ? t('everything') : scopes.join(', ')),
          },
          { key: 'made', title: t('made'), from: 'md', render: ({ createdAt }) => <When at={createdAt} /> },
          {
            key: 'ends',
            title: t('expires'),
            from: 'xs',
            render: ({ expiresAt }) => (expiresAt === null ? t('never') : <When at={expiresAt} />),
          },
          {
            key: 'revoke',
            title: '',
            align: 'right',
            render: (found) => (
              <Action needs="tokens:manage" size="xs" variant="subtle" color="red" onClick={() => setRevoked(found)}>
                {t('revoke')}
              </Action>
            ),
          },
        ]}
        empty={<EmptyState title={t('emptyTokens')} text={t('emptyTokensText')} action={make} />}
      />
      {isMaking ? (
        <NewToken
          onMade={(made) => {
            setMaking(false);
            setToken(made);
          }}
          onClose={() => setMaking(false)}
        />
      ) : null}
      {token === '' ? null : <ShownToken token={token} onKept={() => setToken('')} />}
      {revoked === undefined ? null : <Revoke token={revoked} onClose={() => setRevoked(undefined)} />}
    </SettingsFrame>
  );
}

function NewToken({ onMade, onClose }: { onMade: (token: string) => void; onClose: () => void }) {
  const t = useWords(securityWords);
  const { permissions: mine } = useMe();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<string[]>([]);
  const [expiresAt, setExpiresAt] = useState('');
  const act = useAct(createApiToken, { ownProblem: true, onDone: ({ token }) => onMade(token) });
  return (
    <FormDialog
      title={t('make')}
      verb={t('makeVerb')}
      isBusy={act.isPending}
      isComplete={name.trim() !== ''}
      problem={act.error}
      fields={['name', 'scopes', 'expiresAt']}
      onSubmit={() =>
        act.mutate({
          body: {
            name,
            scopes: permissions.filter((permission) => scopes.includes(permission)),
            ...(expiresAt === '' ? {} : { expiresAt }),
          },
        })
      }
      onClose={onClose}
    >
      <TextInput
        label={t('name')}
        description={t('nameHint')}
        required
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={issueOf(act.error, 'name')}
      />
      <MultiSelect
        label={t('scopes')}
        description={t('scopesHint')}
        searchable
        clearable
        data={[...mine]}
        value={scopes}
        onChange={setScopes}
        error={issueOf(act.error, 'scopes')}
      />
      <InstantField
        label={t('expires')}
        description={t('expiresHint')}
        value={expiresAt}
        onChange={setExpiresAt}
        error={issueOf(act.error, 'expiresAt')}
      />
    </FormDialog>
  );
}

/** A click beside it must not lose it: it is shown once. */
function ShownToken({ token, onKept }: { token: string; onKept: () => void }) {
  const t = useWords(securityWords);
  return (
    <Modal
      opened
      onClose={onKept}
      title={t('tokenTitle')}
      centered
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
    >
      <Stack>
        <Text size="sm">{t('tokenText')}</Text>
        <Code block style={{ overflowWrap: 'anywhere', whiteSpace: 'normal' }}>
          {token}
        </Code>
        <CopyButton text={token} />
        <Button onClick={onKept}>{t('tokenKept')}</Button>
      </Stack>
    </Modal>
  );
}

function Revoke({ token: { id, name }, onClose }: { token: ApiTokenView; onClose: () => void }) {
  const t = useWords(securityWords);
  const act = useAct(revokeApiToken, { says: () => t('revoked', { name }), onDone: onClose });
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={t('revokeTitle', { name })}
      consequences={t('revokeText')}
      verb={t('revoke')}
      isDangerous
      isBusy={act.isPending}
      onConfirm={() => act.mutate({ params: { id } })}
    />
  );
}
