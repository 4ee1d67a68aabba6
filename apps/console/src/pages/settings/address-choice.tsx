import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useWords } from '../../words/use-words.js';
import { groupWords } from './group-words.js';
import { addressKinds, kindOf } from './known-address.js';

interface Props {
  readonly label: string;
  readonly known: Readonly<Record<'live' | 'sandbox', string>>;
  readonly value: string;
  readonly onChange: (url: string) => void;
  readonly error?: string | undefined;
}

/** Which of a provider's systems is talked to: its own two by name, any other by address. */
export function AddressChoice({ label, known, value, onChange, error }: Props) {
  const t = useWords(groupWords);
  const [kind, setKind] = useState(kindOf(known, value));
  const choose = (chosen: string | null) => {
    const next = addressKinds.find((each) => each === chosen) ?? kind;
    setKind(next);
    if (next !== 'other') onChange(known[next]);
  };
  return (
    <>
      <Select
        label={label}
        allowDeselect={false}
        data={addressKinds.map((each) => ({ value: each, label: t(each) }))}
        value={kind}
        onChange={choose}
        error={kind === 'other' ? undefined : error}
      />
      {kind === 'other' ? (
        <TextInput
          label={t('address')}
          type="url"
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
          error={error}
        />
      ) : null}
    </>
  );
}
