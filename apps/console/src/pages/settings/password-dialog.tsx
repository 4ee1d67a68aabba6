import { PasswordInput } from '@mantine/core';
import { changeOwnPassword } from '@turnpike/contracts/auth.js';
import { useState } from 'react';
import { useAct } from '../../api/use-act.js';
import { FormDialog } from '../../kit/form-dialog.js';
import { issueOf } from '../../kit/issue-of.js';
import { useWords } from '../../words/use-words.js';
import { securityWords } from './security-words.js';

const FIELDS = ['current', 'next'] as const;

/** A new password for who is signed in. */
export function PasswordDialog({ onClose }: { onClose: () => void }) {
  const t = useWords(securityWords);
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [repeated, setRepeated] = useState('');
  const act = useAct(changeOwnPassword, { ownProblem: true, says: () => t('passwordSays'), onDone: onClose });
  const differs = repeated !== '' && repeated !== next;
  return (
    <FormDialog
      title={t('passwordTitle')}
      about={t('passwordAbout')}
      verb={t('passwordChange')}
      isBusy={act.isPending}
      isComplete={current !== '' && next !== '' && repeated === next}
      problem={act.error}
      fields={FIELDS}
      onSubmit={() => act.mutate({ body: { current, next } })}
      onClose={onClose}
    >
      <PasswordInput
        label={t('passwordCurrent')}
        autoComplete="current-password"
        required
        data-autofocus
        value={current}
        onChange={(event) => setCurrent(event.currentTarget.value)}
        error={issueOf(act.error, 'current')}
      />
      <PasswordInput
        label={t('passwordNext')}
        description={t('passwordHint')}
        autoComplete="new-password"
        required
        value={next}
        onChange={(event) => setNext(event.currentTarget.value)}
        error={issueOf(act.error, 'next')}
      />
      <PasswordInput
        label={t('passwordRepeat')}
        autoComplete="new-password"
        required
        value={repeated}
        onChange={(event) => setRepeated(event.currentTarget.value)}
        error={differs ? t('passwordDiffers') : undefined}
      />
    </FormDialog>
  );
}
