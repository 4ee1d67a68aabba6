import { Checkbox, Select, TextInput } from '@mantine/core';
import { updateCustomer, type CustomerView } from '@turnpike/contracts/customers.js';
import { languageOf, languages } from '@turnpike/contracts/languages.js';
import { useState } from 'react';
import { useAct } from '../../api/use-act.js';
import { FormDialog } from '../../kit/form-dialog.js';
import { issueOf } from '../../kit/issue-of.js';
import { useWords } from '../../words/use-words.js';
import { customerChange } from './customer-change.js';
import { customersWords } from './customers-words.js';

const FIELDS = ['username', 'msisdn', 'email', 'password', 'language', 'notices', 'devicesOnly'];

/** Changes how a customer logs in and is written to. What was shown masked is left alone unless it is typed anew. */
export function EditCustomer({ customer, onClose }: { customer: CustomerView; onClose: () => void }) {
  const t = useWords(customersWords);
  const [draft, setDraft] = useState({
    username: customer.username,
    msisdn: customer.msisdn ?? '',
    email: customer.email ?? '',
    password: '',
    language: customer.language,
    notices: customer.notices,
    devicesOnly: customer.devicesOnly,
  });
  const save = useAct(updateCustomer, { ownProblem: true, says: () => t('saved'), onDone: onClose });
  const text = (key: 'username' | 'msisdn' | 'email' | 'password') => ({
    value: draft[key],
    onChange: (event: { currentTarget: { value: string } }) => setDraft({ ...draft, [key]: event.currentTarget.value }),
    error: issueOf(save.error, key),
    autoComplete: 'off',
  });
  return (
    <FormDialog
      title={t('editTitle', { name: customer.username })}
      verb={t('save')}
      isBusy={save.isPending}
      isComplete={draft.username !== ''}
      problem={save.error}
      fields={FIELDS}
      onSubmit={() => save.mutate({ params: { id: customer.id }, body: customerChange(customer, draft) })}
      onClose={onClose}
    >
      <TextInput label={t('username')} required {...text('username')} />
      <TextInput label={t('phone')} description={t('phoneHelp')} inputMode="tel" {...text('msisdn')} />
      <TextInput label={t('email')} type="text" inputMode="email" {...text('email')} />
      <TextInput label={t('password')} description={t('newPasswordHelp')} {...text('password')} />
      <Select
        label={t('language')}
        allowDeselect={false}
        data={languages.map((value) => ({ value, label: t(`language_${value}`) }))}
        value={draft.language}
        onChange={(chosen) => setDraft({ ...draft, language: languageOf(chosen ?? '') })}
      />
      <Checkbox
        label={t('noticesField')}
        checked={draft.notices}
        onChange={(event) => setDraft({ ...draft, notices: event.currentTarget.checked })}
      />
      <Checkbox
        label={t('devicesOnlyField')}
        checked={draft.devicesOnly}
        onChange={(event) => setDraft({ ...draft, devicesOnly: event.currentTarget.checked })}
      />
    </FormDialog>
  );
}
