import { ActionIcon, Menu } from '@mantine/core';
import { IconDotsVertical } from '@tabler/icons-react';
import { deleteAgent, getAgent, updateAgent, type AgentView } from '@turnpike/contracts/agents.js';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useAct } from '../../api/use-act.js';
import { Action } from '../../kit/action.js';
import { Confirm } from '../../kit/confirm.js';
import { CopyAs } from '../../kit/copy-as.js';
import { useMay } from '../../session/session.js';
import { useWords } from '../../words/use-words.js';
import { AgentDialog } from './agent-dialog.js';
import { agentWords } from './agent-words.js';
import { AdjustDialog, TopUpDialog } from './money-dialogs.js';

type Open = 'topUp' | 'adjust' | 'edit' | 'state' | 'remove';

/** What can be done with an agent. */
export function AgentActions({ agent, currency }: { agent: AgentView; currency: string }) {
  const t = useWords(agentWords);
  const mayWrite = useMay('ledger:write');
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  return (
    <>
      <CopyAs endpoint={getAgent} input={{ params: { id: agent.id } }} />
      {mayWrite ? (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="default" size={36} aria-label={t('edit')}>
              <IconDotsVertical size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setOpen('edit')}>{t('edit')}</Menu.Item>
            <Menu.Item onClick={() => setOpen('adjust')}>{t('adjust')}</Menu.Item>
            <Menu.Item onClick={() => setOpen('state')}>{t(agent.active ? 'disable' : 'enable')}</Menu.Item>
            <Menu.Item color="red" onClick={() => setOpen('remove')}>
              {t('remove')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      ) : null}
      <Action needs="ledger:write" onClick={() => setOpen('topUp')}>
        {t('topUp')}
      </Action>
      {open === 'topUp' ? <TopUpDialog agent={agent} currency={currency} onClose={close} /> : null}
      {open === 'adjust' ? <AdjustDialog agent={agent} currency={currency} onClose={close} /> : null}
      {open === 'edit' ? <EditDialog agent={agent} onClose={close} /> : null}
      {open === 'state' ? <StateDialog agent={agent} onClose={close} /> : null}
      {open === 'remove' ? <RemoveDialog agent={agent} onClose={close} /> : null}
    </>
  );
}

interface DialogProps {
  readonly agent: AgentView;
  readonly onClose: () => void;
}

function EditDialog({ agent, onClose }: DialogProps) {
  const t = useWords(agentWords);
  const act = useAct(updateAgent, { ownProblem: true, says: ({ name }) => t('saved', { name }), onDone: onClose });
  return (
    <AgentDialog
      title={t('editTitle', { name: agent.name })}
      verb={t('save')}
      agent={agent}
      isBusy={act.isPending}
      problem={act.error}
      onSubmit={(body) => act.mutate({ params: { id: agent.id }, body })}
      onClose={onClose}
    />
  );
}

function StateDialog({ agent: { id, name, active }, onClose }: DialogProps) {
  const t = useWords(agentWords);
  const act = useAct(updateAgent, { says: () => t(active ? 'disabled' : 'enabled', { name }), onDone: onClose });
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={t(active ? 'disableTitle' : 'enableTitle', { name })}
      consequences={t(active ? 'disableText' : 'enableText')}
      verb={t(active ? 'disable' : 'enable')}
      isDangerous={active}
      isBusy={act.isPending}
      onConfirm={() => act.mutate({ params: { id }, body: { active: !active } })}
    />
  );
}

function RemoveDialog({ agent: { id, name }, onClose }: DialogProps) {
  const t = useWords(agentWords);
  const navigate = useNavigate();
  const act = useAct(deleteAgent, { says: () => t('removed', { name }), onDone: () => void navigate('/agents') });
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={t('removeTitle', { name })}
      consequences={t('removeText')}
      verb={t('remove')}
      isDangerous
      isBusy={act.isPending}
      onConfirm={() => act.mutate({ params: { id } }, { onSettled: onClose })}
    />
  );
}
