import { Alert, Button, Card, Center, Group, Image, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { login } from '@turnpike/contracts/auth.js';
import { useState, type FormEvent } from 'react';
import { ApiProblem } from '../api/api-problem.js';
import { call } from '../api/call.js';
import { lineOf } from '../api/problem-text.js';
import { SIGNED_IN_KEY } from '../api/queries.js';
import { LanguageChoice } from '../shell/language-choice.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { sessionWords } from './session-words.js';

/** E-mail and password, then a code where the operator has set that up. */
export function SignInPage() {
  const t = useWords(sessionWords);
  const language = useLanguage();
  const queries = useQueryClient();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [otp, setOtp] = useState('');
  const [needsOtp, setNeedsOtp] = useState(false);
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      await call(login, { body: { email, password, as: 'cookie', ...(otp === '' ? {} : { otp }) } });
      await queries.resetQueries({ queryKey: SIGNED_IN_KEY });
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (error.code === 'second_factor_required') setNeedsOtp(true);
      else
        setProblem(error.code === 'unauthenticated' ? t('refused', { said: error.message }) : lineOf(error, language));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Center mih="100dvh" p="md">
      <Card withBorder w="100%" maw={400} p="xl" component="main">
        <form onSubmit={(event) => void submit(event)}>
          <Stack>
            <Group wrap="nowrap">
              <Image src="/landing.svg" w={44} h={44} alt="" />
              <div>
                <Title order={1} size="h3">
                  {t('title')}
                </Title>
                <Text size="sm" c="dimmed">
                  {t('about')}
                </Text>
              </div>
            </Group>
            {problem === '' ? null : (
              <Alert color="red" role="alert">
                {problem}
              </Alert>
            )}
            <TextInput
              label={t('email')}
              type="email"
              autoComplete="username"
              required
              autoFocus
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <PasswordInput
              label={t('password')}
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            {needsOtp ? (
              <TextInput
                label={t('otp')}
                description={t('otpHelp')}
                autoComplete="one-time-code"
                required
                autoFocus
                value={otp}
                onChange={(event) => setOtp(event.currentTarget.value)}
              />
            ) : null}
            <Button type="submit" loading={isBusy} fullWidth>
              {t('submit')}
            </Button>
            <Center>
              <LanguageChoice />
            </Center>
          </Stack>
        </form>
      </Card>
    </Center>
  );
}
