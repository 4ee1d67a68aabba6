import { Group, Stack, Text, TextInput } from '@mantine/core';
import { lookupIp } from '@turnpike/contracts/sessions.js';
import { useState, type FormEvent } from 'react';
import type { z } from 'zod';
import { useAct } from '../../api/use-act.js';
import { Action } from '../../kit/action.js';
import { DataTable } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { InstantField } from '../../kit/instant-field.js';
import { issueOf, tellsMore } from '../../kit/issue-of.js';
import { Refusal } from '../../kit/refusal.js';
import { Section } from '../../kit/section.js';
import { exactTime } from '../../kit/when.js';
import { wholeList } from '../../kit/whole-list.js';
import { useLanguage } from '../../words/language.js';
import { useWords } from '../../words/use-words.js';
import { useSessionColumns } from './session-columns.js';
import { SessionsFrame } from './sessions-frame.js';
import { sessionsWords } from './sessions-words.js';

/** Who had an address at a moment. Asked only when the button is pressed: each question is audited. */
export function IpLookupPage() {
  const t = useWords(sessionsWords);
  const [ip, setIp] = useState('');
  const [at, setAt] = useState('');
  const ask = useAct(lookupIp, { ownProblem: true });
  const query = { ip: ip.trim(), ...(at === '' ? {} : { at }) };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate({ query });
  };
  return (
    <SessionsFrame endpoint={lookupIp} input={{ query }}>
      <Section title={t('tabLookup')} about={t('lookupAbout')}>
        <form onSubmit={submit}>
          <Group align="flex-start">
            <TextInput
              label={t('ip')}
              required
              description="IPv4"
              value={ip}
              onChange={(event) => setIp(event.currentTarget.value)}
              error={issueOf(ask.error, 'query.ip')}
            />
            <InstantField label={t('at')} value={at} onChange={setAt} error={issueOf(ask.error, 'query.at')} />
            <Action needs="sessions:read" type="submit" loading={ask.isPending} mt={{ base: 0, xs: 46 }}>
              {t('ask')}
            </Action>
          </Group>
        </form>
      </Section>
      {tellsMore(ask.error, ['query.ip', 'query.at']) ? <Refusal problem={ask.error} /> : null}
      {ask.data === undefined ? null : <Answer answer={ask.data} />}
    </SessionsFrame>
  );
}

type Answered = z.output<(typeof lookupIp)['response']>;

function Answer({ answer }: { answer: Answered }) {
  const t = useWords(sessionsWords);
  const language = useLanguage();
  const columns = useSessionColumns();
  const title = t('lookupAnswer', { ip: answer.ip, at: exactTime(new Date(answer.at), language) });
  const list = wholeList({ data: answer, error: null, isFetching: false, refetch: async () => undefined });
  return (
    <Stack gap="xs">
      <Text fw={600}>{title}</Text>
      {answer.items.length > 1 ? <Text size="sm">{t('lookupSeveral')}</Text> : null}
      <DataTable
        caption={title}
        pages={list}
        columns={columns}
        idOf={({ id }) => id}
        empty={<EmptyState title={t('lookupNone')} text={t('lookupNoneText')} />}
      />
    </Stack>
  );
}
