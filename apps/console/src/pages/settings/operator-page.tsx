import { Button } from '@mantine/core';
import { getOperator, updateOperator, type OperatorView } from '@turnpike/contracts/auth.js';
import { listOperatorSessions, revokeOperatorSession } from '@turnpike/contracts/sign-in-sessions.js';
import { resetTwoFactor } from '@turnpike/contracts/two-factor.js';
import { useState } from 'react';
import { useParams } from 'react-router';
import { useAct } from '../../api/use-act.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { Confirm } from '../../kit/confirm.js';
import { CopyAs } from '../../kit/copy-as.js';
import { Facts } from '../../kit/facts.js';
import { isId } from '../../kit/is-id.js';
import { Loaded } from '../../kit/loaded.js';
import { Page } from '../../kit/page.js';
import { RowLink } from '../../kit/row-link.js';
import { Section } from '../../kit/section.js';
import { Status } from '../../kit/status.js';
import { When } from '../../kit/when.js';
import { wholeList } from '../../kit/whole-list.js';
import { useMay, useMe } from '../../session/session.js';
import { NotFoundPage } from '../../shell/not-found-page.js';
import { useWords } from '../../words/use-words.js';
import { OperatorDialog } from './operator-dialog.js';
import { settingsWords } from './settings-words.js';
import { SignIns } from './sign-ins.js';

/** One operator, with where this person is signed in. */
export function OperatorPage() {
  const { id = '' } = useParams();
  const asked = useEndpoint(getOperator, { params: { id } }, { enabled: isId(id) });
  if (!isId(id) || asked.error?.status === 404) return <NotFoundPage />;
  return <Loaded asked={asked}>{(operator) => <Shown operator={operator} />}</Loaded>;
}

function Shown({ operator }: { operator: OperatorView }) {
  const t = useWords(settingsWords);
  const mayAudit = useMay('audit:read');
  const { id, name, email, role, sites, twoFactor, disabledAt, createdAt } = operator;
  const sessions = useEndpoint(listOperatorSessions, { params: { id } });
  return (
    <Page
      title={name}
      trail={[
        { label: t('title'), to: '/settings' },
        { label: t('tabOperators'), to: '/settings/operators' },
      ]}
      badge={
        <Status tone={disabledAt === null ? 'good' : 'quiet'}>{t(disabledAt === null ? 'enabled' : 'disabled')}</Status>
      }
      actions={<Actions operator={operator} />}
    >
      <Section title={t('facts')}>
        <Facts
          facts={[
            { label: t('email'), value: email },
            { label: t('role'), value: t(role) },
            { label: t('roleChoices'), value: t(`${role}Hint`) },
            { label: t('sites'), value: sites?.join(', ') ?? t('allSites') },
            { label: t('twoFactor'), value: t(twoFactor ? 'twoFactorOn' : 'twoFactorOff') },
            { label: t('since'), value: <When at={createdAt} /> },
            ...(mayAudit
              ? [{ label: t('seenInAudit'), value: <RowLink to={`/audit?actor=${id}`}>{name}</RowLink> }]
              : []),
          ]}
        />
      </Section>
      <Section title={t('sessionsOf')}>
        <SignIns
          caption={t('sessionsOf')}
          pages={wholeList(sessions)}
          action={(session) => <EndTheirs operatorId={id} sessionId={session.id} />}
        />
      </Section>
    </Page>
  );
}

function EndTheirs({ operatorId, sessionId }: { operatorId: string; sessionId: string }) {
  const t = useWords(settingsWords);
  const act = useAct(revokeOperatorSession, { says: () => t('ended') });
  return (
    <Button
      size="xs"
      variant="subtle"
      color="red"
      loading={act.isPending}
      onClick={() => act.mutate({ params: { id: operatorId, sessionId } })}
    >
      {t('end')}
    </Button>
  );
}

function Actions({ operator }: { operator: OperatorView }) {
  const t = useWords(settingsWords);
  const { id: myId } = useMe();
  const [open, setOpen] = useState<'edit' | 'state' | 'reset'>();
  const close = () => setOpen(undefined);
  const self = operator.id === myId ? t('self') : undefined;
  const isDisabled = operator.disabledAt !== null;
  return (
    <>
      <CopyAs endpoint={getOperator} input={{ params: { id: operator.id } }} />
      <Action
        needs="operators:manage"
        variant="default"
        because={self ?? (operator.twoFactor ? undefined : t('noTwoFactor'))}
        onClick={() => setOpen('reset')}
      >
        {t('reset')}
      </Action>
      <Action needs="operators:manage" variant="default" because={self} onClick={() => setOpen('state')}>
        {t(isDisabled ? 'enable' : 'disable')}
      </Action>
      <Action needs="operators:manage" onClick={() => setOpen('edit')}>
        {t('edit')}
      </Action>
      {open === 'edit' ? <Edit operator={operator} onClose={close} /> : null}
      {open === 'state' ? <State operator={operator} onClose={close} /> : null}
      {open === 'reset' ? <Reset operator={operator} onClose={close} /> : null}
    </>
  );
}

interface DialogProps {
  readonly operator: OperatorView;
  readonly onClose: () => void;
}

function Edit({ operator, onClose }: DialogProps) {
  const t = useWords(settingsWords);
  const act = useAct(updateOperator, { ownProblem: true, says: ({ name }) => t('saved', { name }), onDone: onClose });
  return (
    <OperatorDialog
      title={t('editTitle', { name: operator.name })}
      about={t('editAbout')}
      verb={t('save')}
      operator={operator}
      isBusy={act.isPending}
      problem={act.error}
      onSubmit={({ name, role, sites, password }) =>
        act.mutate({
          params: { id: operator.id },
          body: { name, role, sites, ...(password === '' ? {} : { password }) },
        })
      }
      onClose={onClose}
    />
  );
}

function State({ operator: { id, name, disabledAt }, onClose }: DialogProps) {
  const t = useWords(settingsWords);
  const isDisabled = disabledAt !== null;
  const act = useAct(updateOperator, {
    says: () => t(isDisabled ? 'enabledSays' : 'disabledSays', { name }),
    onDone: onClose,
  });
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={t(isDisabled ? 'enableTitle' : 'disableTitle', { name })}
      consequences={t(isDisabled ? 'enableText' : 'disableText')}
      verb={t(isDisabled ? 'enable' : 'disable')}
      isDangerous={!isDisabled}
      isBusy={act.isPending}
      onConfirm={() => act.mutate({ params: { id }, body: { disabled: !isDisabled } })}
    />
  );
}

function Reset({ operator: { id, name }, onClose }: DialogProps) {
  const t = useWords(settingsWords);
  const act = useAct(resetTwoFactor, { says: () => t('resetSays', { name }), onDone: onClose });
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={t('resetTitle', { name })}
      consequences={t('resetText')}
      verb={t('reset')}
      isDangerous
      isBusy={act.isPending}
      onConfirm={() => act.mutate({ params: { id } })}
    />
  );
}
