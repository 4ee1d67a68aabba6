import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { getCustomer, listCustomers } from '@turnpike/contracts/customers.js';
import { useState } from 'react';
import { useEndpoint } from '../../api/use-endpoint.js';
import { useWords } from '../../words/use-words.js';
import { decisionWords } from './decision-words.js';

interface Props {
  readonly label: string;
  /** Id; empty: nobody yet. */
  readonly value: string;
  readonly onChange: (id: string) => void;
  readonly description?: string;
  readonly error?: string | undefined;
  readonly required?: boolean;
}

const WAIT_MS = 200;
const MOST = 20;

/** A customer, found by name, phone or device. */
export function CustomerSelect({ value, onChange, ...field }: Props) {
  const t = useWords(decisionWords);
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text.trim(), WAIT_MS);
  const chosen = useEndpoint(getCustomer, { params: { id: value } }, { enabled: value !== '' }).data;
  const nameOfChosen = chosen === undefined ? '' : nameOf(chosen);
  // Once somebody is chosen the field holds the name, which is nothing to search for.
  const q = asked === nameOfChosen ? '' : asked;
  const found = useEndpoint(listCustomers, { query: { limit: MOST, q } }, { keepPrevious: true }).data?.items ?? [];
  const others = found.filter(({ id }) => id !== value);
  return (
    <Select
      {...field}
      searchable
      clearable
      placeholder={t('customerHint')}
      nothingFoundMessage={t('noCustomer')}
      // The server has searched, also by what is not in the name.
      filter={({ options }) => options}
      data={[...(chosen === undefined ? [] : [chosen]), ...others].map((customer) => ({
        value: customer.id,
        label: nameOf(customer),
      }))}
      value={value === '' ? null : value}
      onChange={(id) => onChange(id ?? '')}
      searchValue={text}
      onSearchChange={setText}
    />
  );
}

function nameOf({ username, msisdn }: { username: string; msisdn: string | null }): string {
  return msisdn === null || msisdn === username ? username : `${username} · ${msisdn}`;
}
