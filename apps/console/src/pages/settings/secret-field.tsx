import { Badge, Button, Group, Input, PasswordInput } from '@mantine/core';
import { useWords } from '../../words/use-words.js';
import { groupWords } from './group-words.js';

/** Undefined: it stays as it is. Null: it is to be forgotten. */
export type NewSecret = string | null | undefined;

interface Props {
  readonly label: string;
  readonly description?: string;
  readonly isSet: boolean;
  readonly value: NewSecret;
  readonly onChange: (value: NewSecret) => void;
  readonly error?: string | undefined;
  /** False: it can be replaced, not forgotten. */
  readonly canForget?: boolean;
}

/** A secret, of which nobody is shown more than whether it is there. */
export function SecretField({ label, description, isSet, value, onChange, error, canForget = false }: Props) {
  const t = useWords(groupWords);
  if (typeof value === 'string') {
    return (
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <PasswordInput
          flex={1}
          label={label}
          description={description ?? t('secretHint')}
          autoComplete="off"
          data-autofocus
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
          error={error}
        />
        <Button variant="default" onClick={() => onChange(undefined)}>
          {t('secretKeep')}
        </Button>
      </Group>
    );
  }
  const isForgotten = value === null;
  const badge = isSet && !isForgotten ? 'secretSet' : 'secretNotSet';
  return (
    <Input.Wrapper label={label} labelElement="div" description={description} error={error}>
      <Group gap="xs" mt={4}>
        <Badge variant="light" tt="none" color={isSet && !isForgotten ? 'green' : 'gray'} miw="max-content">
          {t(badge)}
        </Badge>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`${label}: ${t(isSet ? 'secretReplace' : 'secretEnter')}`}
          onClick={() => onChange('')}
        >
          {t(isSet ? 'secretReplace' : 'secretEnter')}
        </Button>
        {isSet && canForget ? (
          <Button
            size="compact-sm"
            variant="subtle"
            color={isForgotten ? undefined : 'red'}
            aria-label={`${label}: ${t(isForgotten ? 'secretKeep' : 'secretForget')}`}
            onClick={() => onChange(isForgotten ? undefined : null)}
          >
            {t(isForgotten ? 'secretKeep' : 'secretForget')}
          </Button>
        ) : null}
      </Group>
      {isForgotten ? <Input.Description mt={4}>{t('secretForgotten')}</Input.Description> : null}
    </Input.Wrapper>
  );
}

/** A replaced secret as it is sent: a field that was opened and left empty changes nothing. */
export function sentSecret(value: NewSecret): NewSecret {
  return value === '' ? undefined : value;
}
