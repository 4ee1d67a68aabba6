import { PasswordInput, SimpleGrid, Switch, TextInput } from '@mantine/core';
import type { ApiProblem } from '../../api/api-problem.js';
import { issueOf } from '../../kit/issue-of.js';
import { useWords } from '../../words/use-words.js';
import { isNoNumber, type ConnectionValues } from './connection-form.js';
import { routerWords } from './router-words.js';

export interface FieldsProps {
  readonly values: ConnectionValues;
  readonly problem: ApiProblem | null;
  readonly onChange: (change: Partial<ConnectionValues>) => void;
  /** The password is stored already: an empty one leaves it. */
  readonly isStored?: boolean;
}

export function NameFields({ values, problem, onChange }: FieldsProps) {
  const t = useWords(routerWords);
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <TextInput
        label={t('fieldName')}
        required
        maxLength={80}
        value={values.name}
        error={issueOf(problem, 'name')}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <TextInput
        label={t('fieldSite')}
        description={t('fieldSiteHelp')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        maxLength={80}
        value={values.site}
        error={issueOf(problem, 'site')}
        onChange={(event) => onChange({ site: event.currentTarget.value })}
      />
    </SimpleGrid>
  );
}

/** How the router is dialled. */
export function AddressFields({ values, problem, onChange, isStored = false }: FieldsProps) {
  const t = useWords(routerWords);
  const order: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error'];
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <TextInput
        label={t('fieldAddress')}
        description={t('fieldAddressHelp')}
        inputWrapperOrder={order}
        required={!isStored}
        value={values.address}
        error={issueOf(problem, 'address')}
        onChange={(event) => onChange({ address: event.currentTarget.value })}
      />
      <TextInput
        label={t('fieldPort')}
        description={t('fieldPortHelp')}
        inputWrapperOrder={order}
        inputMode="numeric"
        placeholder={values.tls ? '8729' : '8728'}
        value={values.apiPort}
        error={isNoNumber(values.apiPort) ? t('notANumber') : issueOf(problem, 'apiPort')}
        onChange={(event) => onChange({ apiPort: event.currentTarget.value })}
      />
      <TextInput
        label={t('fieldUser')}
        placeholder={isStored ? undefined : 'tp-api'}
        autoComplete="off"
        value={values.apiUsername}
        error={issueOf(problem, 'apiUsername')}
        onChange={(event) => onChange({ apiUsername: event.currentTarget.value })}
      />
      <PasswordInput
        label={t('fieldPassword')}
        {...(isStored ? { placeholder: t('fieldPasswordKeep') } : {})}
        autoComplete="new-password"
        value={values.apiPassword}
        error={issueOf(problem, 'apiPassword')}
        onChange={(event) => onChange({ apiPassword: event.currentTarget.value })}
      />
      <Switch
        label={t('fieldTls')}
        checked={values.tls}
        onChange={(event) => onChange({ tls: event.currentTarget.checked })}
      />
    </SimpleGrid>
  );
}
