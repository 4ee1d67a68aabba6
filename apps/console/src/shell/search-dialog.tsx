import { Badge, Group, Loader, Modal, ScrollArea, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { search } from '@turnpike/contracts/search.js';
import { useState, type KeyboardEvent } from 'react';
import { useNavigate } from 'react-router';
import type { z } from 'zod';
import { useEndpoint } from '../api/use-endpoint.js';
import { Refusal } from '../kit/refusal.js';
import { useWords } from '../words/use-words.js';
import { pageOf } from './page-of.js';
import { shellWords } from './shell-words.js';

type Found = z.output<typeof search.response>['items'][number];

const LEAST = 2;
const WAIT_MS = 150;

/** Finds anything by anything; arrows choose, Enter opens. */
export function SearchDialog({ onClose }: { onClose: () => void }) {
  const t = useWords(shellWords);
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const [query] = useDebouncedValue(text.trim(), WAIT_MS);
  const isLongEnough = query.length >= LEAST;
  const asked = useEndpoint(search, { query: { q: query } }, { enabled: isLongEnough, keepPrevious: true });
  const items = isLongEnough ? (asked.data?.items ?? []) : [];

  const open = (found: Found | undefined) => {
    if (found === undefined) return;
    onClose();
    void navigate(pageOf(found));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && items.length > 0) {
      event.preventDefault();
      setChosen((chosen + step + items.length) % items.length);
    }
    if (event.key === 'Enter') open(items[chosen]);
  };

  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      padding={0}
      size="lg"
      yOffset="10vh"
      aria-label={t('search')}
    >
      <TextInput
        data-autofocus
        size="lg"
        variant="unstyled"
        px="md"
        leftSection={<IconSearch size={20} aria-hidden />}
        rightSection={asked.isFetching ? <Loader size="xs" /> : null}
        placeholder={t('searchHint')}
        aria-label={t('search')}
        role="combobox"
        aria-expanded={items.length > 0}
        aria-controls="found"
        aria-activedescendant={items.length > 0 ? `found-${chosen}` : undefined}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ScrollArea.Autosize mah="60vh" type="auto">
        <Stack gap={0} id="found" role="listbox" p="xs">
          {items.map((found, index) => (
            <FoundLine
              key={`${found.kind} ${found.id}`}
              found={found}
              index={index}
              isChosen={index === chosen}
              onOpen={open}
            />
          ))}
          {items.length > 0 ? null : (
            <Text c="dimmed" size="sm" p="sm">
              {isLongEnough && asked.data !== undefined && !asked.isFetching
                ? t('searchNothing', { query })
                : t('searchMore')}
            </Text>
          )}
          {asked.error === null ? null : <Refusal problem={asked.error} />}
        </Stack>
      </ScrollArea.Autosize>
    </Modal>
  );
}

function FoundLine({
  found,
  index,
  isChosen,
  onOpen,
}: {
  found: Found;
  index: number;
  isChosen: boolean;
  onOpen: (found: Found) => void;
}) {
  return (
    <UnstyledButton
      id={`found-${index}`}
      role="option"
      aria-selected={isChosen}
      tabIndex={-1}
      onClick={() => onOpen(found)}
      p="sm"
      bdrs="md"
      bg={isChosen ? 'var(--mantine-primary-color-light)' : undefined}
    >
      <Group wrap="nowrap" justify="space-between">
        <div>
          <Text size="sm" fw={600} truncate>
            {found.title}
          </Text>
          <Text size="xs" c="dimmed" truncate>
            {found.subtitle}
          </Text>
        </div>
        <Badge variant="light" tt="none" flex="none">
          {found.kind} · {found.matched}
        </Badge>
      </Group>
    </UnstyledButton>
  );
}
