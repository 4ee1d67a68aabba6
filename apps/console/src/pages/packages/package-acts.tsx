import { ActionIcon, Button, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDotsVertical } from '@tabler/icons-react';
import {
  activatePackage,
  archivePackage,
  deactivatePackage,
  deletePackage,
  duplicatePackage,
  type PackageView,
} from '@turnpike/contracts/packages.js';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useAct } from '../../api/use-act.js';
import { Action } from '../../kit/action.js';
import { Confirm } from '../../kit/confirm.js';
import { useMay } from '../../session/session.js';
import { useWords } from '../../words/use-words.js';
import { packagesWords } from './packages-words.js';

/** What can be done with a package; the main thing is to edit it. */
export function PackageActs({ item }: { item: PackageView }) {
  const t = useWords(packagesWords);
  const may = useMay('packages:write');
  const [asking, setAsking] = useState<Question | undefined>();
  const isArchived = item.archivedAt !== null;
  return (
    <>
      {may ? <MoreMenu item={item} onAsk={setAsking} /> : null}
      {may && !isArchived ? (
        <Button component={Link} to={`/packages/${item.id}/edit`}>
          {t('edit')}
        </Button>
      ) : (
        <Action needs="packages:write" because={isArchived ? t('isArchived') : undefined}>
          {t('edit')}
        </Action>
      )}
      {asking === undefined ? null : <Ask question={asking} item={item} onClose={() => setAsking(undefined)} />}
    </>
  );
}

type Question = 'deactivate' | 'archive' | 'delete';

function MoreMenu({ item, onAsk }: { item: PackageView; onAsk: (question: Question) => void }) {
  const t = useWords(packagesWords);
  const navigate = useNavigate();
  const mayMakeVouchers = useMay('vouchers:write');
  const activate = useAct(activatePackage, { says: ({ name }) => t('activated', { name }) });
  const duplicate = useAct(duplicatePackage, {
    says: ({ name }) => t('duplicated', { name }),
    onDone: ({ id }) => void navigate(`/packages/${id}/edit`),
  });
  const params = { id: item.id };
  const isArchived = item.archivedAt !== null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label={t('more', { name: item.name })}>
          <IconDotsVertical size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {isArchived || !mayMakeVouchers ? null : (
          <Menu.Item component={Link} to={`/vouchers/new?package=${item.id}`}>
            {t('makeVouchers')}
          </Menu.Item>
        )}
        <Menu.Item onClick={() => duplicate.mutate({ params, body: {} })}>{t('duplicate')}</Menu.Item>
        {isArchived ? null : (
          <>
            {item.active ? (
              <Menu.Item onClick={() => onAsk('deactivate')}>{t('deactivate')}</Menu.Item>
            ) : (
              <Menu.Item onClick={() => activate.mutate({ params })}>{t('activate')}</Menu.Item>
            )}
            <Menu.Item onClick={() => onAsk('archive')}>{t('archive')}</Menu.Item>
          </>
        )}
        <Menu.Item color="red" onClick={() => onAsk('delete')}>
          {t('delete')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

interface AskProps {
  readonly question: Question;
  readonly item: PackageView;
  readonly onClose: () => void;
}

function Ask({ question, item: { id, name }, onClose }: AskProps) {
  const t = useWords(packagesWords);
  const navigate = useNavigate();
  const deactivate = useAct(deactivatePackage, { says: () => t('deactivated', { name }), onDone: onClose });
  const archive = useAct(archivePackage, { says: () => t('archivedSays', { name }), onDone: onClose });
  const remove = useAct(deletePackage, {
    onDone: () => {
      notifications.show({ color: 'green', message: t('deleted', { name }) });
      void navigate('/packages', { replace: true });
    },
  });
  const acts = { deactivate, archive, delete: remove };
  return (
    <Confirm
      isOpen
      isDangerous={question === 'delete'}
      onClose={onClose}
      title={t(`${question}Title`, { name })}
      consequences={t(`${question}What`)}
      verb={t(question)}
      isBusy={acts[question].isPending}
      onConfirm={() => acts[question].mutate({ params: { id } })}
    />
  );
}
