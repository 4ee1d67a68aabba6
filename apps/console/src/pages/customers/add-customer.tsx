import { Button, Code, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { createCustomer } from '@turnpike/contracts/customers.js';
import { languageOf, languages, type Language } from '@turnpike/contracts/languages.js';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useAct } from '../../api/use-act.js';
import { CopyButton } from '../../kit/copy-button.js';
import { FormDialog } from '../../kit/form-dialog.js';
import { issueOf } from '../../kit/issue-of.js';
import { useLanguage } from '../../words/language.js';
import { useWords } from '../../words/use-words.js';
import { customersWords } from './customers-words.js';

const FIELDS = ['username', 'msisdn', 'email', 'password', 'language'];

/** Adds somebody by hand, and shows a password that was made. */
export function AddCustomer({ onClose }: { onClose: () => void }) {
  const t = useWords(customersWords);
  const spoken = useLanguage();
  const navigate = useNavigate();
  const [username, setUsername] = useState('');
  const [msisdn, setMsisdn] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [language, setLanguage] = useState<Language>(spoken);
  const add = useAct(createCustomer, {
    ownProblem: true,
    says: (added) => t('added', { username: added.username }),
    onDone: (added) => {
      if (added.password === null) void navigate(`/customers/${added.id}`);
    },
  });
  if (add.data !== undefined && add.data.password !== null) {
    const { id, username: name, password: made } = add.data;
    return <MadePassword id={id} username={name} password={made} onClose={onClose} />;
  }
  const submit = () =>
    add.mutate({
      body: {
        language,
        ...(username === '' ? {} : { username }),
        ...(msisdn === '' ? {} : { msisdn }),
        ...(email === '' ? {} : { email }),
        ...(password === '' ? {} : { password }),
      },
    });
  return (
    <FormDialog
      title={t('add')}
      about={t('addAbout')}
      verb={t('add')}
      isBusy={add.isPending}
      isComplete={username !== '' || msisdn !== ''}
      problem={add.error}
      fields={FIELDS}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput
        label={t('phone')}
        description={t('phoneHelp')}
        inputMode="tel"
        autoComplete="off"
        data-autofocus
        value={msisdn}
        onChange={(event) => setMsisdn(event.currentTarget.value)}
        error={issueOf(add.error, 'msisdn')}
      />
      <TextInput
        label={t('username')}
        description={t('usernameHelp')}
        autoComplete="off"
        value={username}
        onChange={(event) => setUsername(event.currentTarget.value)}
        error={issueOf(add.error, 'username')}
      />
      <TextInput
        label={t('password')}
        description={t('passwordHelp')}
        autoComplete="off"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        error={issueOf(add.error, 'password')}
      />
      <TextInput
        label={t('email')}
        type="email"
        autoComplete="off"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        error={issueOf(add.error, 'email')}
      />
      <Select
        label={t('language')}
        allowDeselect={false}
        data={languages.map((value) => ({ value, label: t(`language_${value}`) }))}
        value={language}
        onChange={(chosen) => setLanguage(languageOf(chosen ?? ''))}
      />
    </FormDialog>
  );
}

interface Made {
  readonly id: string;
  readonly username: string;
  readonly password: string;
  readonly onClose: () => void;
}

function MadePassword({ id, username, password, onClose }: Made) {
  const t = useWords(customersWords);
  const navigate = useNavigate();
  return (
    <Modal opened onClose={onClose} title={t('passwordOnce')} centered closeOnClickOutside={false}>
      <Stack>
        <Text size="sm">{t('passwordOnceText')}</Text>
        <Code block>{`${username}\n${password}`}</Code>
        <Group justify="flex-end">
          <CopyButton text={`${username}\n${password}`} />
          <Button onClick={() => void navigate(`/customers/${id}`)}>{t('toPage')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
