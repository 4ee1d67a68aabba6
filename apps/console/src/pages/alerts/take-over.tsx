import { Textarea } from '@mantine/core';
import { acknowledgeAlert, type AlertView } from '@turnpike/contracts/alerts.js';
import { useState } from 'react';
import { useAct } from '../../api/use-act.js';
import { Action } from '../../kit/action.js';
import { FormDialog } from '../../kit/form-dialog.js';
import { issueOf } from '../../kit/issue-of.js';
import { useWords } from '../../words/use-words.js';
import { alertWords } from './alert-words.js';

const LONGEST_NOTE = 500;

/** The button by which somebody says that it is his now. */
export function TakeOver({ alert, size }: { alert: AlertView; size?: 'xs' }) {
  const t = useWords(alertWords);
  const [isAsking, setAsking] = useState(false);
  const isTaken = alert.state === 'acknowledged';
  return (
    <>
      <Action
        needs="alerts:write"
        {...(size === undefined ? {} : { size })}
        variant={isTaken || size !== undefined ? 'light' : 'filled'}
        because={alert.state === 'resolved' ? t('isOver') : undefined}
        onClick={() => setAsking(true)}
      >
        {t(isTaken ? 'takeAgain' : 'take')}
      </Action>
      {isAsking ? <TakeOverDialog alert={alert} onClose={() => setAsking(false)} /> : null}
    </>
  );
}

function TakeOverDialog({ alert, onClose }: { alert: AlertView; onClose: () => void }) {
  const t = useWords(alertWords);
  const [note, setNote] = useState(alert.note ?? '');
  const act = useAct(acknowledgeAlert, { ownProblem: true, says: () => t('taken'), onDone: onClose });
  return (
    <FormDialog
      title={t('takeTitle')}
      about={t('takeAbout')}
      verb={t('take')}
      isBusy={act.isPending}
      problem={act.error}
      fields={['note']}
      onClose={onClose}
      onSubmit={() => act.mutate({ params: { id: alert.id }, body: { note } })}
    >
      <Textarea
        label={t('note')}
        data-autofocus
        autosize
        minRows={2}
        maxLength={LONGEST_NOTE}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        error={issueOf(act.error, 'note')}
      />
    </FormDialog>
  );
}
