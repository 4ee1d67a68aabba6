import { Button, Text } from '@mantine/core';
import { listRuns, rollBackRouter, type RunView } from '@turnpike/contracts/provisioning.js';
import type { RouterDetailsView } from '@turnpike/contracts/routers.js';
import { useState } from 'react';
import { Link } from 'react-router';
import { useAct } from '../../api/use-act.js';
import { usePages } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { Confirm } from '../../kit/confirm.js';
import { DataTable, type Column } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { durationText } from '../../kit/figures.js';
import { RowLink } from '../../kit/row-link.js';
import { Section } from '../../kit/section.js';
import { When } from '../../kit/when.js';
import type { Say } from '../../words/say.js';
import { useWords } from '../../words/use-words.js';
import { RunStatus } from './router-states.js';
import { tookSeconds } from './run-timeline.js';
import { runWords } from './run-words.js';
import { undoable } from './undoable.js';

/** Every run of a router, and taking the last deploy back. */
export function RouterRuns({ router }: { router: RouterDetailsView }) {
  const t = useWords(runWords);
  const [isAsking, setAsking] = useState(false);
  const pages = usePages(listRuns, { params: { id: router.id } });
  const rollback = useAct(rollBackRouter, { says: () => t('takeBackBegun'), onDone: () => setAsking(false) });
  const whether = undoable(pages.items ?? []);
  return (
    <Section
      title={t('runs')}
      actions={
        <Action
          needs="provisioning:deploy"
          because={whether === 'yes' ? undefined : t(whether === 'none' ? 'takeBackNone' : 'takeBackTaken')}
          variant="default"
          size="xs"
          onClick={() => setAsking(true)}
        >
          {t('takeBack')}
        </Action>
      }
    >
      <DataTable
        caption={t('caption')}
        pages={pages}
        columns={columns(t)}
        idOf={({ id }) => id}
        empty={
          <EmptyState
            title={t('none')}
            text={t('noneText')}
            action={
              <Button component={Link} to="?tab=services" variant="default">
                {t('toServices')}
              </Button>
            }
          />
        }
      />
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t('takeBackTitle', { name: router.name })}
        consequences={t('takeBackText')}
        verb={t('takeBackGo')}
        isDangerous
        isBusy={rollback.isPending}
        onConfirm={() => rollback.mutate({ params: { id: router.id } })}
      />
    </Section>
  );
}

function columns(t: Say<keyof (typeof runWords)['texts']['en']>): readonly Column<RunView>[] {
  return [
    {
      key: 'when',
      title: t('when'),
      render: ({ id, createdAt, kind }) => (
        <>
          <RowLink to={`/runs/${id}`}>
            <When at={createdAt} />
          </RowLink>
          <Text size="xs" c="dimmed" hiddenFrom="xs">
            {t(kind)}
          </Text>
        </>
      ),
    },
    { key: 'what', title: t('what'), from: 'xs', render: ({ kind }) => <Text size="sm">{t(kind)}</Text> },
    { key: 'state', title: t('state'), render: ({ state, kind }) => <RunOutcome state={state} kind={kind} /> },
    { key: 'writes', title: t('writes'), from: 'sm', align: 'right', render: ({ writes }) => writes },
    {
      key: 'took',
      title: t('took'),
      from: 'xs',
      align: 'right',
      render: (run) => {
        const seconds = tookSeconds(run, Date.now());
        return seconds === undefined ? '–' : durationText(seconds);
      },
    },
  ];
}

function RunOutcome({ state, kind }: { state: RunView['state'] | 'not_started'; kind: RunView['kind'] }) {
  return state === 'not_started' ? null : <RunStatus state={state} kind={kind} />;
}
