import { PasswordInput, Select, TagsInput, TextInput } from '@mantine/core';
import type { OperatorView } from '@turnpike/contracts/auth.js';
import { roles, type Role } from '@turnpike/contracts/permissions.js';
import { useState } from 'react';
import type { ApiProblem } from '../../api/api-problem.js';
import { FormDialog } from '../../kit/form-dialog.js';
import { issueOf } from '../../kit/issue-of.js';
import { useWords } from '../../words/use-words.js';
import { settingsWords } from './settings-words.js';

interface Fields {
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** Null: all. */
  readonly sites: string[] | null;
  /** Empty when one is changed: it stays. */
  readonly password: string;
}

interface Props {
  readonly title: string;
  readonly about?: string;
  readonly verb: string;
  /** As it is now; left out: a new one. */
  readonly operator?: OperatorView;
  readonly isBusy: boolean;
  readonly problem: ApiProblem | null;
  readonly onSubmit: (fields: Fields) => void;
  readonly onClose: () => void;
}

const FIELDS = ['name', 'email', 'role', 'sites', 'password'] as const;

/** What is known of an operator, to fill in or to change. */
export function OperatorDialog({ operator, problem, onSubmit, ...dialog }: Props) {
  const t = useWords(settingsWords);
  const [name, setName] = useState(operator?.name ?? '');
  const [email, setEmail] = useState(operator?.email ?? '');
  const [role, setRole] = useState<Role>(operator?.role ?? 'support');
  const [sites, setSites] = useState(operator?.sites ?? []);
  const [password, setPassword] = useState('');
  const isNew = operator === undefined;
  return (
    <FormDialog
      {...dialog}
      isComplete={name.trim() !== '' && (!isNew || (email !== '' && password !== ''))}
      problem={problem}
      fields={FIELDS}
      onSubmit={() => onSubmit({ name, email, role, sites: sites.length === 0 ? null : sites, password })}
    >
      <TextInput
        label={t('name')}
        required
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={issueOf(problem, 'name')}
      />
      {isNew ? (
        <TextInput
          label={t('email')}
          type="email"
          autoComplete="off"
          required
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={issueOf(problem, 'email')}
        />
      ) : null}
      <Select
        label={t('role')}
        description={t(`${role}Hint`)}
        allowDeselect={false}
        data={roles.map((value) => ({ value, label: t(value) }))}
        value={role}
        onChange={(chosen) => setRole(roles.find((known) => known === chosen) ?? role)}
        error={issueOf(problem, 'role')}
      />
      <TagsInput
        label={t('sites')}
        description={t('sitesHint')}
        value={sites}
        onChange={setSites}
        error={issueOf(problem, 'sites')}
      />
      <PasswordInput
        label={t(isNew ? 'password' : 'newPassword')}
        description={t(isNew ? 'passwordHint' : 'newPasswordHint')}
        autoComplete="new-password"
        required={isNew}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        error={issueOf(problem, 'password')}
      />
    </FormDialog>
  );
}
