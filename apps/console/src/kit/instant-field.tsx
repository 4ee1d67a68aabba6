import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { operatorZone } from './zone.js';
import { instantOfLocal, localTimeOf } from './zoned-time.js';

interface Props {
  readonly label: string;
  /** ISO 8601; empty: none. */
  readonly value: string;
  readonly onChange: (instant: string) => void;
  readonly description?: string;
  readonly error?: string | undefined;
  readonly required?: boolean;
}

/** Day and time on the operator's clocks, with the browser's own calendar. */
export function InstantField({ value, onChange, description, ...field }: Props) {
  const zone = operatorZone();
  const [shown, setShown] = useState(() => localTimeOf(value === '' ? null : value, zone));
  const set = (next: string) => {
    setShown(next);
    onChange(instantOfLocal(next, zone) ?? '');
  };
  return (
    <TextInput
      {...field}
      type="datetime-local"
      description={description === undefined ? zone : `${description} (${zone})`}
      value={shown}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}
