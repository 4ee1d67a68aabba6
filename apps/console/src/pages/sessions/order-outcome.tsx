import { Group, Loader, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getSessionCommand, type SessionCommandView, type SessionView } from '@turnpike/contracts/sessions.js';
import type { ApiProblem } from '../../api/api-problem.js';
import { call } from '../../api/call.js';
import { lineOf } from '../../api/problem-text.js';
import { keyOf } from '../../api/use-endpoint.js';
import { Status, type Tone } from '../../kit/status.js';
import { useLanguage } from '../../words/language.js';
import { useWords } from '../../words/use-words.js';
import { sessionsWords } from './sessions-words.js';

/** An order that was given, or why it was not. */
export interface GivenOrder {
  readonly session: SessionView;
  readonly outcome: { readonly commandId: string } | { readonly problem: ApiProblem };
}

const TONES: Readonly<Record<SessionCommandView['state'], Tone>> = {
  queued: 'busy',
  sent: 'busy',
  acknowledged: 'good',
  already_gone: 'good',
  refused: 'bad',
  unanswered: 'bad',
  removed: 'good',
  superseded: 'quiet',
};

const ASK_AGAIN_MS = 1_000;

/** What came of one order to a router. */
export function OrderOutcome({ order: { session, outcome } }: { order: GivenOrder }) {
  const t = useWords(sessionsWords);
  const language = useLanguage();
  return (
    <Group justify="space-between" wrap="nowrap" gap="sm" align="flex-start">
      <div>
        <Text size="sm" fw={500}>
          {session.username}
        </Text>
        <Text size="xs" c="dimmed">
          {session.router.name}
          {session.callingStationId === null ? '' : ` · ${session.callingStationId}`}
        </Text>
      </div>
      {'problem' in outcome ? (
        <div>
          <Status tone="bad">{t('notSent')}</Status>
          <Text size="xs" maw={260}>
            {lineOf(outcome.problem, language)}
          </Text>
        </div>
      ) : (
        <CommandState id={outcome.commandId} />
      )}
    </Group>
  );
}

function CommandState({ id }: { id: string }) {
  const t = useWords(sessionsWords);
  const language = useLanguage();
  const input = { params: { id } };
  const { data, error } = useQuery<SessionCommandView, ApiProblem>({
    queryKey: keyOf(getSessionCommand, input),
    queryFn: ({ signal }) => call(getSessionCommand, input, { signal }),
    // No event tells what a router answered; this ends with the answer, which the server waits for some seconds at most.
    refetchInterval: ({ state }) => (state.data === undefined || isUnderWay(state.data) ? ASK_AGAIN_MS : false),
  });
  if (data === undefined)
    return error === null ? <Loader size="xs" /> : <Text size="xs">{lineOf(error, language)}</Text>;
  return (
    <div>
      <Status tone={TONES[data.state]}>{t(data.state)}</Status>
      {data.detail === null ? null : (
        <Text size="xs" c="dimmed" maw={260}>
          {data.detail}
        </Text>
      )}
    </div>
  );
}

function isUnderWay({ state }: SessionCommandView): boolean {
  return state === 'queued' || state === 'sent';
}
