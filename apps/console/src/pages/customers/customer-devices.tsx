import { ActionIcon, Menu, Text, TextInput } from '@mantine/core';
import { IconDotsVertical } from '@tabler/icons-react';
import type { CustomerView } from '@turnpike/contracts/customers.js';
import {
  addDevice,
  listDevices,
  removeDevice,
  updateDevice,
  type CustomerDeviceView,
} from '@turnpike/contracts/devices.js';
import { useState } from 'react';
import { useAct } from '../../api/use-act.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { Confirm } from '../../kit/confirm.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable, type Column } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { FormDialog } from '../../kit/form-dialog.js';
import { issueOf } from '../../kit/issue-of.js';
import { Section } from '../../kit/section.js';
import { Status } from '../../kit/status.js';
import { When } from '../../kit/when.js';
import { wholeList } from '../../kit/whole-list.js';
import { useMay } from '../../session/session.js';
import { useWords } from '../../words/use-words.js';
import { customerDeviceWords } from './customer-device-words.js';

type Asking =
  { readonly kind: 'add' } | { readonly kind: 'rename' | 'block' | 'remove'; readonly device: CustomerDeviceView };

/** The list of devices: added, named, blocked and removed here. */
export function CustomerDevices({ customer }: { customer: CustomerView }) {
  const t = useWords(customerDeviceWords);
  const asked = useEndpoint(listDevices, { params: { id: customer.id } });
  const [asking, setAsking] = useState<Asking | undefined>();
  const unblock = useAct(updateDevice, { says: ({ mac }) => t('unblocked', { mac }) });
  const params = (device: CustomerDeviceView) => ({ id: customer.id, deviceId: device.id });
  const columns: Column<CustomerDeviceView>[] = [
    {
      key: 'mac',
      title: t('mac'),
      render: ({ mac }) => (
        <Text span size="sm" ff="monospace">
          {mac}
        </Text>
      ),
    },
    { key: 'name', title: t('deviceName'), render: ({ name }) => (name === '' ? '–' : name), from: 'xs' },
    {
      key: 'state',
      title: t('deviceState'),
      render: ({ blocked }) => (
        <Status tone={blocked ? 'bad' : 'good'}>{t(blocked ? 'deviceBlocked' : 'deviceOk')}</Status>
      ),
    },
    { key: 'seen', title: t('deviceSeen'), render: ({ lastSeenAt }) => <When at={lastSeenAt} />, from: 'sm' },
    {
      key: 'acts',
      title: '',
      align: 'right',
      width: 60,
      render: (device) => (
        <DeviceMenu
          device={device}
          onAsk={(kind) => setAsking({ kind, device })}
          onUnblock={() => unblock.mutate({ params: params(device), body: { blocked: false } })}
        />
      ),
    },
  ];
  const add = (
    <Action needs="customers:write" size="xs" onClick={() => setAsking({ kind: 'add' })}>
      {t('addDevice')}
    </Action>
  );
  return (
    <Section
      title={t('devices')}
      about={t('devicesAbout')}
      actions={
        <>
          <CopyAs endpoint={listDevices} input={{ params: { id: customer.id } }} />
          {add}
        </>
      }
    >
      <DataTable
        caption={t('devices')}
        pages={wholeList(asked)}
        columns={columns}
        idOf={({ id }) => id}
        empty={<EmptyState title={t('devicesNone')} text={t('devicesNoneText')} />}
      />
      <DeviceDialogs customerId={customer.id} asking={asking} onClose={() => setAsking(undefined)} />
    </Section>
  );
}

interface MenuProps {
  readonly device: CustomerDeviceView;
  readonly onAsk: (kind: 'rename' | 'block' | 'remove') => void;
  readonly onUnblock: () => void;
}

function DeviceMenu({ device, onAsk, onUnblock }: MenuProps) {
  const t = useWords(customerDeviceWords);
  const may = useMay('customers:write');
  if (!may) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t('more', { name: device.mac })}>
          <IconDotsVertical size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onAsk('rename')}>{t('rename')}</Menu.Item>
        {device.blocked ? (
          <Menu.Item onClick={onUnblock}>{t('unblock')}</Menu.Item>
        ) : (
          <Menu.Item onClick={() => onAsk('block')}>{t('block')}</Menu.Item>
        )}
        <Menu.Item color="red" onClick={() => onAsk('remove')}>
          {t('remove')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

interface DialogsProps {
  readonly customerId: string;
  readonly asking: Asking | undefined;
  readonly onClose: () => void;
}

function DeviceDialogs({ customerId, asking, onClose }: DialogsProps) {
  const t = useWords(customerDeviceWords);
  const block = useAct(updateDevice, { says: ({ mac }) => t('blocked', { mac }), onDone: onClose });
  const mac = asking !== undefined && 'device' in asking ? asking.device.mac : '';
  const remove = useAct(removeDevice, { says: () => t('removed', { mac }), onDone: onClose });
  if (asking === undefined) return null;
  if (asking.kind === 'add') return <AddDevice customerId={customerId} onClose={onClose} />;
  const params = { id: customerId, deviceId: asking.device.id };
  if (asking.kind === 'rename') return <RenameDevice params={params} device={asking.device} onClose={onClose} />;
  const isBlock = asking.kind === 'block';
  return (
    <Confirm
      isOpen
      isDangerous
      onClose={onClose}
      title={t(isBlock ? 'blockTitle' : 'removeTitle', { mac })}
      consequences={t(isBlock ? 'blockWhat' : 'removeWhat')}
      verb={t(asking.kind)}
      isBusy={block.isPending || remove.isPending}
      onConfirm={() => (isBlock ? block.mutate({ params, body: { blocked: true } }) : remove.mutate({ params }))}
    />
  );
}

function AddDevice({ customerId, onClose }: { customerId: string; onClose: () => void }) {
  const t = useWords(customerDeviceWords);
  const [mac, setMac] = useState('');
  const [name, setName] = useState('');
  const add = useAct(addDevice, {
    ownProblem: true,
    says: (added) => t('deviceAdded', { mac: added.mac }),
    onDone: onClose,
  });
  return (
    <FormDialog
      title={t('addDevice')}
      verb={t('addDevice')}
      isBusy={add.isPending}
      isComplete={mac !== ''}
      problem={add.error}
      fields={['mac', 'name']}
      onSubmit={() => add.mutate({ params: { id: customerId }, body: { mac, ...(name === '' ? {} : { name }) } })}
      onClose={onClose}
    >
      <TextInput
        label={t('mac')}
        description={t('macHelp')}
        required
        data-autofocus
        value={mac}
        onChange={(event) => setMac(event.currentTarget.value)}
        error={issueOf(add.error, 'mac')}
      />
      <TextInput
        label={t('deviceName')}
        description={t('deviceNameHelp')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={issueOf(add.error, 'name')}
      />
    </FormDialog>
  );
}

interface RenameProps {
  readonly params: { readonly id: string; readonly deviceId: string };
  readonly device: CustomerDeviceView;
  readonly onClose: () => void;
}

function RenameDevice({ params, device, onClose }: RenameProps) {
  const t = useWords(customerDeviceWords);
  const [name, setName] = useState(device.name);
  const rename = useAct(updateDevice, { ownProblem: true, says: () => t('renamed'), onDone: onClose });
  return (
    <FormDialog
      title={t('renameTitle', { mac: device.mac })}
      verb={t('rename')}
      isBusy={rename.isPending}
      problem={rename.error}
      fields={['name']}
      onSubmit={() => rename.mutate({ params, body: { name } })}
      onClose={onClose}
    >
      <TextInput
        label={t('deviceName')}
        description={t('deviceNameHelp')}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={issueOf(rename.error, 'name')}
      />
    </FormDialog>
  );
}
