import { Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { API } from './call.js';
import { problemOf, unreachable } from './api-problem.js';
import { useState, type FormEvent } from 'react';
import { useWords } from '../words/use-words.js';
import { apiWords } from './api-words.js';

/** It is often asked for by a form that is a dialog itself, which must not cover it. */
const OVER_FORMS = 350;

/** Asks for the password or a code once more. */
export function StepUpDialog({ onEnd }: { onEnd: (confirmed: boolean) => void }) {
  const t = useWords(apiWords);
  const [password, setPassword] = useState('');
  const [otp, setOtp] = useState('');
  const [problem, setProblem] = useState('');

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const refused = await stepUp(password === '' ? { otp } : { password });
    if (refused === undefined) onEnd(true);
    else setProblem(refused);
  };

  return (
    <Modal opened onClose={() => onEnd(false)} title={t('confirmTitle')} centered zIndex={OVER_FORMS}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <Text size="sm">{t('confirmWhy')}</Text>
          <PasswordInput
            label={t('password')}
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={problem === '' ? undefined : t('notConfirmed', { said: problem })}
            data-autofocus
          />
          <TextInput
            label={`${t('orOtp')} ${t('otp')}`}
            inputMode="numeric"
            autoComplete="one-time-code"
            value={otp}
            onChange={(event) => setOtp(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => onEnd(false)}>
              {t('cancel')}
            </Button>
            <Button type="submit" disabled={password === '' && otp === ''}>
              {t('confirm')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Undefined when it worked, else why not. */
async function stepUp(body: { password?: string; otp?: string }): Promise<string | undefined> {
  try {
    const response = await fetch(`${API}/auth/step-up`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-turnpike-console': '1' },
      body: JSON.stringify(body),
    });
    return response.ok ? undefined : (await problemOf(response)).message;
  } catch (error) {
    return unreachable(error).message;
  }
}
