import { CloseButton, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useWords } from '../words/use-words.js';
import { kitWords } from './kit-words.js';

const WAIT_MS = 250;

/** Filters of a list in one line. */
export function FilterBar({ children }: { children: ReactNode }) {
  return (
    <Group gap="sm" role="search">
      {children}
    </Group>
  );
}

interface SearchProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Text to search for; told a moment after the last key. */
export function SearchFilter({ label, value, onChange }: SearchProps) {
  const t = useWords(kitWords);
  const [text, setText] = useState(value);
  const tell = useDebouncedCallback(onChange, WAIT_MS);
  useEffect(() => setText(value), [value]);
  const set = (next: string) => {
    setText(next);
    tell(next);
  };
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      w={{ base: '100%', xs: 280 }}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={text === '' ? null : <CloseButton size="sm" aria-label={t('clear')} onClick={() => set('')} />}
      value={text}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}

interface ChoiceProps extends SearchProps {
  readonly choices: readonly { readonly value: string; readonly label: string }[];
}

/** One of a few values, or all. */
export function ChoiceFilter({ label, value, onChange, choices }: ChoiceProps) {
  const t = useWords(kitWords);
  return (
    <Select
      aria-label={label}
      placeholder={`${label}: ${t('all')}`}
      w={{ base: '100%', xs: 190 }}
      clearable
      data={[...choices]}
      value={value === '' ? null : value}
      onChange={(chosen) => onChange(chosen ?? '')}
    />
  );
}
