import { Button, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { listMySessions, revokeMySession, type SignInSessionView } from '@turnpike/contracts/sign-in-sessions.js';
import { removeTwoFactor } from '@turnpike/contracts/two-factor.js';
import { useState } from 'react';
import { SIGNED_IN_KEY } from '../../api/queries.js';
import { useAct } from '../../api/use-act.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Confirm } from '../../kit/confirm.js';
import { Section } from '../../kit/section.js';
import { wholeList } from '../../kit/whole-list.js';
import { useMe } from '../../session/session.js';
import { useWords } from '../../words/use-words.js';
import { PasswordDialog } from './password-dialog.js';
import { securityWords } from './security-words.js';
import { SettingsFrame } from './settings-frame.js';
import { settingsWords } from './settings-words.js';
import { SignIns } from './sign-ins.js';
import { TwoFactorSetup } from './two-factor-setup.js';

/** How I sign in, and where I am signed in. */
export function SecurityPage() {
  const words = useWords(settingsWords);
  const sessions = useEndpoint(listMySessions);
  return (
    <SettingsFrame>
      <Password />
      <TwoFactor />
      <Section title={words('sessions')} about={words('sessionsAbout')}>
        <SignIns
          caption={words('sessions')}
          pages={wholeList(sessions)}
          action={(session) => <EndMine session={session} />}
        />
      </Section>
    </SettingsFrame>
  );
}

function Password() {
  const t = useWords(securityWords);
  const [isOpen, setOpen] = useState(false);
  return (
    <Section title={t('password')}>
      <Stack align="flex-start" gap="sm">
        <Text size="sm">{t('passwordText')}</Text>
        <Button variant="default" onClick={() => setOpen(true)}>
          {t('passwordChange')}
        </Button>
      </Stack>
      {isOpen ? <PasswordDialog onClose={() => setOpen(false)} /> : null}
    </Section>
  );
}

function TwoFactor() {
  const t = useWords(securityWords);
  const queries = useQueryClient();
  const { twoFactor } = useMe();
  const [open, setOpen] = useState<'setup' | 'remove'>();
  const close = () => setOpen(undefined);
  const act = useAct(removeTwoFactor, {
    says: () => t('offSays'),
    onDone: () => void queries.invalidateQueries({ queryKey: SIGNED_IN_KEY }),
  });
  return (
    <Section title={t('twoFactor')}>
      <Stack align="flex-start" gap="sm">
        <Text size="sm">{t(twoFactor ? 'onText' : 'offText')}</Text>
        {twoFactor ? (
          <Button variant="default" onClick={() => setOpen('remove')}>
            {t('turnOff')}
          </Button>
        ) : (
          <Button onClick={() => setOpen('setup')}>{t('turnOn')}</Button>
        )}
      </Stack>
      {open === 'setup' ? <TwoFactorSetup onClose={close} /> : null}
      <Confirm
        isOpen={open === 'remove'}
        onClose={close}
        title={t('offTitle')}
        consequences={t('offConsequence')}
        verb={t('turnOff')}
        isDangerous
        isBusy={act.isPending}
        onConfirm={() => act.mutate({}, { onSettled: close })}
      />
    </Section>
  );
}

function EndMine({ session: { id, current } }: { session: SignInSessionView }) {
  const words = useWords(settingsWords);
  const queries = useQueryClient();
  const act = useAct(revokeMySession, {
    says: () => words('ended'),
    // Whoever ends the session of this page is signed out by it.
    onDone: () => (current ? void queries.resetQueries({ queryKey: SIGNED_IN_KEY }) : undefined),
  });
  return (
    <Button
      size="xs"
      variant="subtle"
      color="red"
      loading={act.isPending}
      onClick={() => act.mutate({ params: { id } })}
    >
      {words('end')}
    </Button>
  );
}
