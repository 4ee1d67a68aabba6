import {
  ActionIcon,
  Button,
  Checkbox,
  Chip,
  Group,
  MultiSelect,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { listRouters } from '@turnpike/contracts/routers.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { issueOf } from '../../kit/issue-of.js';
import { Section } from '../../kit/section.js';
import { useMay } from '../../session/session.js';
import { WEEKDAYS } from '../../kit/weekdays.js';
import { useWords } from '../../words/use-words.js';
import { newWindow, type WindowDraft } from './package-draft.js';
import type { FieldsProps } from './package-editor.js';
import { packagesWords } from './packages-words.js';

const MOST_ROUTERS = 200;
const MOST_WINDOWS = 28;

/** When and where a package may be used, and by which devices without a password. */
export function PlaceFields({ draft, onChange, problem }: FieldsProps) {
  const t = useWords(packagesWords);
  const mayRouters = useMay('routers:read');
  const routers = useEndpoint(listRouters, { query: { limit: MOST_ROUTERS, sort: 'name' } }, { enabled: mayRouters });
  const items = routers.data?.items ?? [];
  const sites = [...new Set(items.flatMap(({ site }) => (site === null ? [] : [site])))];
  const setWindow = (index: number, change: Partial<WindowDraft>) =>
    onChange({ windows: draft.windows.map((window, at) => (at === index ? { ...window, ...change } : window)) });
  return (
    <Section title={t('partWhen')}>
      <Stack>
        <Checkbox
          label={t('withHours')}
          description={t('hoursHelp')}
          checked={draft.windows.length > 0}
          onChange={(event) => onChange({ windows: event.currentTarget.checked ? [newWindow] : [] })}
        />
        {draft.windows.map((window, index) => (
          // Windows have no name of their own; their place is what they are known by.
          <Window
            key={index}
            number={index + 1}
            window={window}
            error={issueOf(problem, `schedule.${index}`)}
            onChange={(change) => setWindow(index, change)}
            onRemove={() => onChange({ windows: draft.windows.filter((_window, at) => at !== index) })}
          />
        ))}
        {draft.windows.length === 0 ? null : (
          <Group align="flex-end">
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPlus size={14} />}
              disabled={draft.windows.length >= MOST_WINDOWS}
              onClick={() => onChange({ windows: [...draft.windows, newWindow] })}
            >
              {t('addWindow')}
            </Button>
            <TextInput
              label={t('timeZone')}
              value={draft.timeZone}
              onChange={(event) => onChange({ timeZone: event.currentTarget.value })}
              error={issueOf(problem, 'timeZone')}
            />
          </Group>
        )}
        <TagsInput
          label={t('sites')}
          description={t('sitesHelp')}
          data={sites}
          value={[...draft.sites]}
          onChange={(chosen) => onChange({ sites: chosen })}
          error={issueOf(problem, 'sites')}
        />
        <MultiSelect
          label={t('routers')}
          searchable
          data={items.map(({ id, name }) => ({ value: id, label: name }))}
          value={[...draft.routerIds]}
          onChange={(chosen) => onChange({ routerIds: chosen })}
          error={issueOf(problem, 'routerIds')}
        />
        <Checkbox
          label={t('macLoginField')}
          checked={draft.macLogin}
          onChange={(event) => onChange({ macLogin: event.currentTarget.checked })}
        />
      </Stack>
    </Section>
  );
}

interface WindowProps {
  readonly number: number;
  readonly window: WindowDraft;
  readonly error: string | undefined;
  readonly onChange: (change: Partial<WindowDraft>) => void;
  readonly onRemove: () => void;
}

function Window({ number, window, error, onChange, onRemove }: WindowProps) {
  const t = useWords(packagesWords);
  return (
    <Stack gap="xs">
      <Chip.Group multiple value={window.days.map(String)} onChange={(days) => onChange({ days: days.map(Number) })}>
        <Group gap={4} role="group" aria-label={t('weekdays')}>
          {WEEKDAYS.map((day, index) => (
            <Chip key={day} size="xs" value={String(index + 1)}>
              {t(day)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <Group align="flex-end" gap="sm" wrap="nowrap">
        <TextInput
          label={t('fromTime')}
          w={90}
          value={window.from}
          onChange={(event) => onChange({ from: event.currentTarget.value })}
        />
        <TextInput
          label={t('toTime')}
          w={90}
          value={window.to}
          onChange={(event) => onChange({ to: event.currentTarget.value })}
        />
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          aria-label={t('removeWindow', { number })}
          onClick={onRemove}
        >
          <IconTrash size={18} />
        </ActionIcon>
      </Group>
      {error === undefined ? null : (
        <Text size="xs" c="red" role="alert">
          {error}
        </Text>
      )}
    </Stack>
  );
}
