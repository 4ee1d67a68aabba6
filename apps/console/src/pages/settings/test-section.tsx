import { Box, Button, Group, Stack, TextInput } from '@mantine/core';
import type { Checked } from '@turnpike/contracts/settings.js';
import type { Endpoint, Nothing } from '@turnpike/contracts/endpoint.js';
import type { z } from 'zod';
import { useState, type FormEvent } from 'react';
import { useAct } from '../../api/use-act.js';
import { issueOf } from '../../kit/issue-of.js';
import { Section } from '../../kit/section.js';
import { useWords } from '../../words/use-words.js';
import { CheckResult } from './check-result.js';
import { groupWords } from './group-words.js';

interface Props {
  readonly endpoint: Endpoint<Nothing, Nothing, z.ZodType<{ to: string }, { to: string }>, z.ZodType<Checked>>;
  readonly title: string;
  readonly about: string;
  readonly label: string;
  readonly type: 'email' | 'tel';
}

/** Sends one message to an address of the operator's choice, by what is saved. */
export function TestSection({ endpoint, title, about, label, type }: Props) {
  const t = useWords(groupWords);
  const [to, setTo] = useState('');
  const act = useAct(endpoint, { ownProblem: true });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    act.mutate({ body: { to } });
  };
  return (
    <Box maw={720}>
      <Section title={title} about={about}>
        <form onSubmit={submit} noValidate>
          <Stack maw={480}>
            <Group align="flex-end" wrap="nowrap">
              <TextInput
                flex={1}
                label={label}
                type={type}
                autoComplete={type}
                value={to}
                onChange={(event) => setTo(event.currentTarget.value)}
                error={issueOf(act.error, 'to')}
              />
              <Button type="submit" variant="default" loading={act.isPending} disabled={to.trim() === ''}>
                {t('send')}
              </Button>
            </Group>
            <CheckResult act={act} fields={['to']} />
          </Stack>
        </form>
      </Section>
    </Box>
  );
}
