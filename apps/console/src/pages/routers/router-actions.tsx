import { ActionIcon, Button, Group, Menu, Modal, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDotsVertical, IconRefresh, IconTrash } from '@tabler/icons-react';
import { resetProvisioning } from '@turnpike/contracts/provisioning.js';
import { deleteRouter, verifyConnectivity, type RouterDetailsView } from '@turnpike/contracts/routers.js';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useAct } from '../../api/use-act.js';
import { Action } from '../../kit/action.js';
import { Confirm } from '../../kit/confirm.js';
import { kitWords } from '../../kit/kit-words.js';
import { Refusal } from '../../kit/refusal.js';
import { useMay, useMe } from '../../session/session.js';
import { useWords } from '../../words/use-words.js';
import { ConnectionCheck } from './connection-check.js';
import { routerWords } from './router-words.js';
import { useAskedNow } from './use-asked-now.js';

/** What can be done with a router besides its tabs. */
export function RouterActions({ router }: { router: RouterDetailsView }) {
  const t = useWords(routerWords);
  const kit = useWords(kitWords);
  const { role } = useMe();
  const mayDeploy = useMay('provisioning:deploy');
  const mayWrite = useMay('routers:write');
  const [open, setOpen] = useState<'verify' | 'reset' | 'delete' | undefined>();
  const close = () => setOpen(undefined);
  const refused = (may: boolean, permission: string) =>
    may ? {} : { disabled: true, title: kit('notAllowed', { role, permission }) };
  return (
    <>
      <Action needs="routers:read" variant="default" onClick={() => setOpen('verify')}>
        {t('verify')}
      </Action>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={t('more')}>
            <IconDotsVertical size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconRefresh size={16} />}
            onClick={() => setOpen('reset')}
            {...refused(mayDeploy, 'provisioning:deploy')}
          >
            {t('reset')}
          </Menu.Item>
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={16} />}
            onClick={() => setOpen('delete')}
            {...refused(mayWrite, 'routers:write')}
          >
            {t('delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {open === 'verify' ? <VerifyDialog router={router} onClose={close} /> : null}
      <ResetDialog router={router} isOpen={open === 'reset'} onClose={close} />
      <DeleteDialog router={router} isOpen={open === 'delete'} onClose={close} />
    </>
  );
}

interface DialogProps {
  readonly router: RouterDetailsView;
  readonly onClose: () => void;
}

function VerifyDialog({ router, onClose }: DialogProps) {
  const t = useWords(routerWords);
  const asked = useAskedNow(verifyConnectivity, { params: { id: router.id } });
  return (
    <Modal opened onClose={onClose} title={t('verifyTitle', { name: router.name })} centered>
      <Stack>
        {asked.error === null ? (
          <ConnectionCheck check={asked.isFetching ? undefined : asked.data} />
        ) : (
          <Refusal problem={asked.error} />
        )}
        <Group justify="flex-end">
          <Button variant="default" loading={asked.isFetching} onClick={() => void asked.refetch()}>
            {t('verifyAgain')}
          </Button>
          <Button onClick={onClose}>{t('close')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function ResetDialog({ router, isOpen, onClose }: DialogProps & { isOpen: boolean }) {
  const t = useWords(routerWords);
  const reset = useAct(resetProvisioning, { says: () => t('resetDone'), onDone: onClose });
  return (
    <Confirm
      isOpen={isOpen}
      onClose={onClose}
      title={t('resetTitle', { name: router.name })}
      consequences={t('resetText')}
      verb={t('resetGo')}
      isBusy={reset.isPending}
      onConfirm={() => reset.mutate({ params: { id: router.id } })}
    />
  );
}

function DeleteDialog({ router, isOpen, onClose }: DialogProps & { isOpen: boolean }) {
  const t = useWords(routerWords);
  const navigate = useNavigate();
  const remove = useAct(deleteRouter, {
    onDone: () => {
      notifications.show({ color: 'green', message: t('deleted', { name: router.name }) });
      void navigate('/routers', { replace: true });
    },
  });
  return (
    <Confirm
      isOpen={isOpen}
      onClose={onClose}
      title={t('deleteTitle', { name: router.name })}
      consequences={t('deleteText', { count: router.openSessions })}
      verb={t('deleteGo')}
      isDangerous
      isBusy={remove.isPending}
      onConfirm={() => remove.mutate({ params: { id: router.id } })}
    />
  );
}
