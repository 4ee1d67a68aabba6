import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getSession, type SessionView } from '@turnpike/contracts/sessions.js';
import { useState } from 'react';
import { useParams } from 'react-router';
import type { ApiProblem } from '../../api/api-problem.js';
import { Action } from '../../kit/action.js';
import { CopyAs } from '../../kit/copy-as.js';
import { Facts } from '../../kit/facts.js';
import { Octets, durationText } from '../../kit/figures.js';
import { isId } from '../../kit/is-id.js';
import { Loaded } from '../../kit/loaded.js';
import { NotThere } from '../../kit/not-there.js';
import { Page } from '../../kit/page.js';
import { RowLink } from '../../kit/row-link.js';
import { Section } from '../../kit/section.js';
import { When } from '../../kit/when.js';
import type { SayOf } from '../../words/say-of.js';
import { useWords } from '../../words/use-words.js';
import { OrderDialog } from './order-dialogs.js';
import { SessionState } from './session-state.js';
import { sessionsWords } from './sessions-words.js';
import { causeText } from './terminate-cause.js';
import { oneSession } from './use-found-sessions.js';

/** One session. */
export function SessionPage() {
  const t = useWords(sessionsWords);
  const { id = '' } = useParams();
  const asked = useQuery<SessionView[], ApiProblem>({
    queryKey: [getSession.tag, getSession.path, id],
    queryFn: async ({ signal }) => (isId(id) ? oneSession(id, signal) : []),
  });
  return (
    <Loaded asked={asked} height={320}>
      {([session]) =>
        session === undefined ? (
          <NotThere title={t('notFound')} text={t('notFoundText')} to="/sessions" label={t('tabOnline')} />
        ) : (
          <OneSession session={session} />
        )
      }
    </Loaded>
  );
}

function OneSession({ session }: { session: SessionView }) {
  const t = useWords(sessionsWords);
  const [asking, setAsking] = useState<'disconnect' | 'rate' | undefined>();
  const because = session.state === 'closed' ? t('mustBeOnline') : undefined;
  return (
    <Page
      title={session.username}
      trail={[{ label: t('title'), to: session.state === 'closed' ? '/sessions/history' : '/sessions' }]}
      badge={<SessionState state={session.state} />}
      actions={
        <>
          <CopyAs
            endpoint={getSession}
            input={{ params: { id: session.id } }}
            command={`session disconnect ${session.id}`}
          />
          <Action needs="sessions:disconnect" because={because} variant="default" onClick={() => setAsking('rate')}>
            {t('changeRate')}
          </Action>
          <Action needs="sessions:disconnect" because={because} color="red" onClick={() => setAsking('disconnect')}>
            {t('disconnect')}
          </Action>
        </>
      }
    >
      <Section title={t('facts')}>
        <Facts facts={placeFacts(session, t)} />
      </Section>
      <Section title={t('traffic')}>
        <Facts facts={trafficFacts(session, t)} />
      </Section>
      {asking === undefined ? null : (
        <OrderDialog kind={asking} sessions={[session]} onClose={() => setAsking(undefined)} />
      )}
    </Page>
  );
}

type Say = SayOf<typeof sessionsWords>;

function placeFacts(session: SessionView, t: Say) {
  const { customerId, router, callingStationId, framedIpAddress, acctSessionId } = session;
  return [
    {
      label: t('customer'),
      value:
        customerId === null ? t('noCustomer') : <RowLink to={`/customers/${customerId}`}>{session.username}</RowLink>,
    },
    { label: t('router'), value: <RowLink to={`/routers/${router.id}`}>{router.name}</RowLink> },
    { label: t('device'), value: <Mono text={callingStationId} /> },
    { label: t('address'), value: <Mono text={framedIpAddress} /> },
    { label: t('started'), value: <When at={session.startedAt} style="exact" /> },
    session.stoppedAt === null
      ? { label: t('lastSeen'), value: <When at={session.lastSeenAt} /> }
      : { label: t('ended'), value: <When at={session.stoppedAt} style="exact" /> },
    ...(session.terminateCause === null ? [] : [{ label: t('cause'), value: causeText(session.terminateCause, t) }]),
    { label: t('acctSessionId'), value: <Mono text={acctSessionId} /> },
  ];
}

function trafficFacts(session: SessionView, t: Say) {
  return [
    { label: t('duration'), value: durationText(session.sessionSeconds) },
    { label: t('down'), value: <Octets value={session.outputOctets} /> },
    { label: t('up'), value: <Octets value={session.inputOctets} /> },
    {
      label: t('rate'),
      value:
        session.fairUseStep === 0
          ? (session.rateLimit ?? t('rateAtLogin'))
          : `${session.rateLimit ?? ''} ${t('fairUse', { step: session.fairUseStep })}`,
    },
  ];
}

function Mono({ text }: { text: string | null }) {
  return (
    <Text span size="sm" ff="monospace">
      {text ?? '–'}
    </Text>
  );
}
