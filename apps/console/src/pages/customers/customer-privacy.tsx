import { Checkbox, Group, List, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { deleteCustomer, type CustomerView } from '@turnpike/contracts/customers.js';
import {
  eraseCustomer,
  exportCustomer,
  type CustomerExport,
  type Erasure,
} from '@turnpike/contracts/customer-privacy.js';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useAct } from '../../api/use-act.js';
import { Action } from '../../kit/action.js';
import { Confirm } from '../../kit/confirm.js';
import { CopyAs } from '../../kit/copy-as.js';
import { FormDialog } from '../../kit/form-dialog.js';
import { issueOf } from '../../kit/issue-of.js';
import { saveFile } from '../../kit/save-file.js';
import { Section } from '../../kit/section.js';
import { useWords } from '../../words/use-words.js';
import { customerPrivacyWords } from './customer-privacy-words.js';

/** What the law asks for: a copy of everything, and its end. */
export function CustomerPrivacy({ customer }: { customer: CustomerView }) {
  const t = useWords(customerPrivacyWords);
  const [asking, setAsking] = useState<'erase' | 'delete' | undefined>();
  const [erased, setErased] = useState<Erasure | undefined>();
  const params = { id: customer.id };
  const copy = useAct(exportCustomer, { says: () => t('exported'), onDone: saveExport });
  return (
    <>
      <Section title={t('export')} about={t('exportAbout')}>
        <Group gap="xs">
          <Action
            needs="customers:export"
            variant="default"
            loading={copy.isPending}
            onClick={() => copy.mutate({ params })}
          >
            {t('exportGet')}
          </Action>
          <CopyAs endpoint={exportCustomer} input={{ params }} />
        </Group>
      </Section>
      <Section title={t('erase')} about={t('eraseAbout')}>
        {erased === undefined ? (
          <Group>
            <Action
              needs="customers:export"
              color="red"
              variant="light"
              because={customer.erasedAt === null ? undefined : t('erased')}
              onClick={() => setAsking('erase')}
            >
              {t('erase')}
            </Action>
          </Group>
        ) : (
          <WhatStays erasure={erased} />
        )}
      </Section>
      <Section title={t('delete')} about={t('deleteAbout')}>
        <Group>
          <Action needs="customers:write" color="red" variant="light" onClick={() => setAsking('delete')}>
            {t('deleteVerb')}
          </Action>
        </Group>
      </Section>
      {asking === 'erase' ? (
        <EraseDialog customer={customer} onClose={() => setAsking(undefined)} onErased={setErased} />
      ) : null}
      {asking === 'delete' ? <DeleteDialog customer={customer} onClose={() => setAsking(undefined)} /> : null}
    </>
  );
}

function saveExport(answer: CustomerExport): void {
  const file = new Blob([JSON.stringify(answer, undefined, 2)], { type: 'application/json' });
  saveFile(file, `customer-${answer.customer.id}.json`);
}

function WhatStays({ erasure: { kept, sessionsEnding } }: { erasure: Erasure }) {
  const t = useWords(customerPrivacyWords);
  return (
    <>
      <Text size="sm" fw={600}>
        {t('erasedNow')} {sessionsEnding === 0 ? '' : t('erasedSessions', { count: sessionsEnding })}
      </Text>
      <Text size="sm" mt="xs">
        {t('kept')}
      </Text>
      <List size="sm" lang="en">
        {kept.map((text) => (
          <List.Item key={text}>{text}</List.Item>
        ))}
      </List>
    </>
  );
}

interface EraseProps {
  readonly customer: CustomerView;
  readonly onClose: () => void;
  readonly onErased: (erasure: Erasure) => void;
}

function EraseDialog({ customer, onClose, onErased }: EraseProps) {
  const t = useWords(customerPrivacyWords);
  const [confirm, setConfirm] = useState('');
  const [endAccess, setEndAccess] = useState(false);
  const erase = useAct(eraseCustomer, {
    ownProblem: true,
    says: () => t('erasedNow'),
    onDone: (erasure) => {
      onErased(erasure);
      onClose();
    },
  });
  return (
    <FormDialog
      title={t('eraseTitle', { name: customer.username })}
      about={t('eraseWhat')}
      verb={t('eraseVerb')}
      isDangerous
      isBusy={erase.isPending}
      isComplete={confirm !== ''}
      problem={erase.error}
      fields={['confirm']}
      onSubmit={() => erase.mutate({ params: { id: customer.id }, body: { confirm, endAccess } })}
      onClose={onClose}
    >
      <TextInput
        label={t('eraseConfirm', { username: customer.username })}
        required
        autoComplete="off"
        value={confirm}
        onChange={(event) => setConfirm(event.currentTarget.value)}
        error={issueOf(erase.error, 'confirm')}
      />
      <Checkbox
        label={t('eraseEnd')}
        checked={endAccess}
        onChange={(event) => setEndAccess(event.currentTarget.checked)}
      />
    </FormDialog>
  );
}

function DeleteDialog({ customer, onClose }: { customer: CustomerView; onClose: () => void }) {
  const t = useWords(customerPrivacyWords);
  const navigate = useNavigate();
  const name = customer.username;
  const remove = useAct(deleteCustomer, {
    onDone: () => {
      notifications.show({ color: 'green', message: t('deleted', { name }) });
      void navigate('/customers', { replace: true });
    },
  });
  return (
    <Confirm
      isOpen
      isDangerous
      onClose={onClose}
      title={t('deleteTitle', { name })}
      consequences={t('deleteWhat')}
      verb={t('deleteVerb')}
      isBusy={remove.isPending}
      onConfirm={() => remove.mutate({ params: { id: customer.id } })}
    />
  );
}
