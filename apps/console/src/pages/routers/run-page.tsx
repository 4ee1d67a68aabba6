import { Anchor, SimpleGrid, Stack, Text, Timeline } from '@mantine/core';
import { getRun } from '@turnpike/contracts/provisioning.js';
import { getRouter } from '@turnpike/contracts/routers.js';
import { Link, useParams } from 'react-router';
import { useEndpoint } from '../../api/use-endpoint.js';
import { CopyAs } from '../../kit/copy-as.js';
import { durationText } from '../../kit/figures.js';
import { Loaded } from '../../kit/loaded.js';
import { Page } from '../../kit/page.js';
import { Section } from '../../kit/section.js';
import { When } from '../../kit/when.js';
import { useWords } from '../../words/use-words.js';
import { JournalTable } from './journal-table.js';
import { routerCommand } from './router-commands.js';
import { RunStatus, runLooks } from './router-states.js';
import { routersWords } from './routers-words.js';
import { isEnded } from './run-ends.js';
import { RunProgress } from './run-progress.js';
import { milestonesOf, type RunWithJournal } from './run-timeline.js';
import { runWords } from './run-words.js';
import { ServiceSummary } from './service-summary.js';
import { stateWords } from './state-words.js';
import { useActorName } from './use-actor-name.js';

/** One run: when what happened, every change, and what to do when it did not work. */
export function RunPage() {
  const { id = '' } = useParams();
  const asked = useEndpoint(getRun, { params: { id } });
  return <Loaded asked={asked}>{(run) => <Run run={run} />}</Loaded>;
}

function Run({ run }: { run: RunWithJournal }) {
  const t = useWords(runWords);
  const routers = useWords(routersWords);
  const router = useEndpoint(getRouter, { params: { id: run.routerId } });
  const name = router.data?.name ?? '…';
  const kind = run.kind;
  const by = useActorName(run.requestedBy);
  const status = { ...run, runId: run.id };
  return (
    <Page
      title={t(kind === 'deploy' ? 'deployOf' : 'rollbackOf', { name })}
      {...(by === undefined ? {} : { about: t('byName', { name: by }) })}
      trail={[
        { label: routers('title'), to: '/routers' },
        { label: name, to: `/routers/${run.routerId}?tab=runs` },
      ]}
      badge={run.state === 'not_started' ? null : <RunStatus state={run.state} kind={kind} />}
      actions={
        <CopyAs endpoint={getRun} input={{ params: { id: run.id } }} command={routerCommand('logs', name, run.id)} />
      }
    >
      <Section title={t('state')}>
        <RunProgress status={status} linked={false} />
      </Section>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Section title={t('timeline')}>
          <RunTimeline run={run} />
        </Section>
        <Section title={t(kind === 'deploy' ? 'services' : 'takesBack')}>
          <Stack gap="xs">
            <ServiceSummary services={run.services} />
            {run.undoesRunId === null ? null : (
              <Text size="sm">
                {t('undoes')}{' '}
                <Anchor component={Link} to={`/runs/${run.undoesRunId}`} size="sm">
                  {t('thatRun')}
                </Anchor>
              </Text>
            )}
          </Stack>
        </Section>
      </SimpleGrid>
      <Section title={t('journal')} about={t(kind === 'deploy' ? 'journalAbout' : 'journalOfUndone')}>
        <JournalTable journal={run.journal} />
      </Section>
    </Page>
  );
}

function RunTimeline({ run }: { run: RunWithJournal }) {
  const t = useWords(runWords);
  const says = useWords(stateWords);
  const moments = milestonesOf(run);
  const state = run.state === 'not_started' ? '' : says(runLooks[run.state].key);
  const isGoing = !isEnded(run.state);
  return (
    <Timeline active={moments.length - 1} bulletSize={16} lineWidth={2}>
      {moments.map(({ key, at, afterSeconds }) => (
        <Timeline.Item key={key} title={<Heading text={t(key, { state })} />}>
          <Text size="sm" c="dimmed">
            <When at={at} style="exact" />
            {afterSeconds === undefined ? '' : ` · ${t('after', { duration: durationText(afterSeconds) })}`}
          </Text>
        </Timeline.Item>
      ))}
      {isGoing ? <Timeline.Item title={<Heading text={t('running', { stage: run.stage ?? state })} />} /> : null}
    </Timeline>
  );
}

function Heading({ text }: { text: string }) {
  return (
    <Text size="sm" fw={600} lh={1.2} style={{ overflowWrap: 'anywhere' }}>
      {text}
    </Text>
  );
}
