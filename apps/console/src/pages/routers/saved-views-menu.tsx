import { ActionIcon, Button, Group, Menu, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { IconBookmark, IconTrash } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { useWords } from '../../words/use-words.js';
import { routersWords } from './routers-words.js';
import { readViews, storeViews, withView, type SavedView } from './saved-views.js';

/** Filters under a name, kept in this browser. `query`: the filters that are set now. */
export function SavedViewsMenu({ query }: { query: string }) {
  const t = useWords(routersWords);
  const navigate = useNavigate();
  const [views, setViews] = useState(() => readViews(localStorage));
  const [name, setName] = useState('');
  const [isOpen, setOpen] = useState(false);
  const change = (next: readonly SavedView[]) => {
    storeViews(localStorage, next);
    setViews(next);
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '' || query === '') return;
    change(withView(views, { name: name.trim(), query }));
    setName('');
  };
  const open = (view: SavedView) => {
    setOpen(false);
    void navigate({ search: `?${view.query}` });
  };
  return (
    <Menu position="bottom-end" width={380} opened={isOpen} onChange={setOpen} closeOnItemClick={false} trapFocus>
      <Menu.Target>
        <Button variant="default" leftSection={<IconBookmark size={16} aria-hidden />}>
          {t('views')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown p="sm">
        <Stack gap="xs">
          {views.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t('viewNone')}
            </Text>
          ) : null}
          {views.map((view) => (
            <Group key={view.name} wrap="nowrap" justify="space-between">
              <UnstyledButton onClick={() => open(view)} flex={1} py={4} aria-current={view.query === query}>
                <Text size="sm" fw={view.query === query ? 600 : 400} truncate>
                  {view.name}
                </Text>
              </UnstyledButton>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('removeView', { name: view.name })}
                onClick={() => change(views.filter((other) => other !== view))}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </Group>
          ))}
          <Menu.Divider />
          <form onSubmit={save}>
            <Group align="flex-end" gap="xs" wrap="nowrap">
              <TextInput
                flex={1}
                size="sm"
                label={t('saveView')}
                placeholder={t('viewName')}
                maxLength={40}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <Button type="submit" size="sm" disabled={name.trim() === '' || query === ''}>
                {t('save')}
              </Button>
            </Group>
          </form>
          <Text size="xs" c="dimmed">
            {query === '' ? t('viewNothing') : t('viewKept')}
          </Text>
        </Stack>
      </Menu.Dropdown>
    </Menu>
  );
}
