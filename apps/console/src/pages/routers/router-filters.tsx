import { CloseButton, Select, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { deploymentStates, listRouters, routerStatuses } from '@turnpike/contracts/routers.js';
import { ChoiceFilter, FilterBar, SearchFilter } from '../../kit/filter-bar.js';
import { kitWords } from '../../kit/kit-words.js';
import { useWords } from '../../words/use-words.js';
import { deployments, reachabilities } from './router-states.js';
import { routersWords } from './routers-words.js';
import { stateWords } from './state-words.js';

export const routerFilterNames = ['q', 'status', 'deployment', 'site', 'version', 'sort'] as const;
export type RouterFilterName = (typeof routerFilterNames)[number];
export type RouterFilters = Readonly<Record<RouterFilterName, string>>;

interface Props {
  readonly filters: RouterFilters;
  readonly onChange: (change: Partial<Record<RouterFilterName, string>>) => void;
}

/** What of an address the API takes as a filter; the rest is left out, so that an old link still shows a list. */
export function askedOf(filters: RouterFilters): (typeof listRouters)['query']['_input'] {
  const asked = listRouters.query.safeParse(
    Object.fromEntries(Object.entries(filters).filter(([name, value]) => value !== '' && isTaken(name, value))),
  );
  return asked.data ?? {};
}

function isTaken(name: string, value: string): boolean {
  return listRouters.query.safeParse({ [name]: value }).success;
}

export function RouterFilterBar({ filters, onChange }: Props) {
  const t = useWords(routersWords);
  const says = useWords(stateWords);
  return (
    <FilterBar>
      <SearchFilter label={t('search')} value={filters.q} onChange={(q) => onChange({ q })} />
      <ChoiceFilter
        label={t('status')}
        value={filters.status}
        onChange={(status) => onChange({ status })}
        choices={routerStatuses.map((value) => ({ value, label: says(reachabilities[value].key) }))}
      />
      <ChoiceFilter
        label={t('services')}
        value={filters.deployment}
        onChange={(deployment) => onChange({ deployment })}
        choices={deploymentStates.map((value) => ({ value, label: says(deployments[value].key) }))}
      />
      <TypedFilter label={t('site')} hint={t('site')} value={filters.site} onTell={(site) => onChange({ site })} />
      <TypedFilter
        label={t('versionFilter')}
        hint={`RouterOS: ${t('versionHint')}`}
        value={filters.version}
        error={filters.version === '' || isTaken('version', filters.version) ? undefined : t('versionWrong')}
        onTell={(version) => onChange({ version })}
      />
      <Select
        aria-label={t('order')}
        w={{ base: '100%', xs: 160 }}
        allowDeselect={false}
        data={[
          { value: 'newest', label: t('byNewest') },
          { value: 'name', label: t('byName') },
        ]}
        value={filters.sort === 'name' ? 'name' : 'newest'}
        onChange={(sort) => onChange({ sort: sort === 'name' ? 'name' : '' })}
      />
    </FilterBar>
  );
}

interface TypedProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly error?: string | undefined;
  readonly onTell: (value: string) => void;
}

/** A value that has to be whole: told when it is left or entered, not with each key. */
function TypedFilter({ label, hint, value, error, onTell }: TypedProps) {
  const t = useWords(kitWords);
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  return (
    <TextInput
      aria-label={label}
      placeholder={hint}
      w={{ base: '100%', xs: 170 }}
      value={text}
      error={error}
      rightSection={value === '' ? null : <CloseButton size="sm" aria-label={t('clear')} onClick={() => onTell('')} />}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => onTell(text.trim())}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onTell(text.trim());
      }}
    />
  );
}
