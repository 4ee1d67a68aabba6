import { Button, Card, Group, Stack, Text } from '@mantine/core';
import type { Endpoint } from '@turnpike/contracts/endpoint.js';
import type { Nothing } from '@turnpike/contracts/endpoint.js';
import { useState, type FormEvent, type ReactNode } from 'react';
import type { z } from 'zod';
import type { ApiProblem } from '../../api/api-problem.js';
import { useAct } from '../../api/use-act.js';
import { Action } from '../../kit/action.js';
import { Confirm } from '../../kit/confirm.js';
import { tellsMore } from '../../kit/issue-of.js';
import { Refusal } from '../../kit/refusal.js';
import { Status } from '../../kit/status.js';
import { When } from '../../kit/when.js';
import { useWords } from '../../words/use-words.js';
import { groupWords } from './group-words.js';

/** Where a group comes from, and who saved it last. */
export interface Held {
  readonly source: 'environment' | 'console';
  readonly updatedAt: string | null;
  readonly updatedBy: { readonly name: string } | null;
}

interface Props {
  readonly held: Held;
  readonly reset: Endpoint<Nothing, Nothing, Nothing, z.ZodNull>;
  readonly isBusy: boolean;
  readonly isComplete?: boolean;
  readonly problem: ApiProblem | null;
  /** Fields that tell their own problem. */
  readonly fields: readonly string[];
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}

/** The fields of one group of settings, with where they come from, saving, and the way back. */
export function GroupForm({ held, reset, isBusy, isComplete = true, problem, fields, onSubmit, children }: Props) {
  const t = useWords(groupWords);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <Card withBorder maw={720} component="section">
      <form onSubmit={submit} noValidate>
        <Stack>
          <Source held={held} />
          {children}
          {tellsMore(problem, fields) ? <Refusal problem={problem} /> : null}
          <Group justify="space-between">
            {held.source === 'console' ? <Reset endpoint={reset} /> : <span />}
            <Action
              needs="settings:manage"
              type="submit"
              loading={isBusy}
              disabled={!isComplete}
              style={{ marginInlineStart: 'auto' }}
            >
              {t('save')}
            </Action>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

function Source({ held: { source, updatedAt, updatedBy } }: { held: Held }) {
  const t = useWords(groupWords);
  if (source === 'environment') {
    return (
      <Group>
        <Status tone="quiet">{t('fromServer')}</Status>
      </Group>
    );
  }
  return (
    <Text size="sm" c="dimmed">
      {t('savedBy', { name: updatedBy?.name ?? '' })} · <When at={updatedAt} />
    </Text>
  );
}

function Reset({ endpoint }: { endpoint: Props['reset'] }) {
  const t = useWords(groupWords);
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  const act = useAct(endpoint, { says: () => t('resetSays') });
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        {t('reset')}
      </Button>
      <Confirm
        isOpen={isOpen}
        onClose={close}
        title={t('resetTitle')}
        consequences={t('resetText')}
        verb={t('reset')}
        isDangerous
        isBusy={act.isPending}
        onConfirm={() => act.mutate({}, { onSettled: close })}
      />
    </>
  );
}
