import {
  ActionIcon,
  AppShell,
  Burger,
  Group,
  Image,
  NavLink,
  ScrollArea,
  Skeleton,
  Text,
  UnstyledButton,
} from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { Suspense, lazy, useState } from 'react';
import { Link, useLocation } from 'react-router';
import { useLiveEvents } from '../live/live-events.js';
import { PageRoutes } from '../pages/page-routes.js';
import { useMay, useMe } from '../session/session.js';
import { useWords } from '../words/use-words.js';
import { LiveLight } from './live-light.js';
import { navigation, type NavigationGroup } from './navigation.js';
import { shellWords } from './shell-words.js';

const AccountMenu = lazy(async () => ({ default: (await import('./account-menu.js')).AccountMenu }));
const AlertCount = lazy(async () => ({ default: (await import('../pages/alerts/alert-count.js')).AlertCount }));
const SearchDialog = lazy(async () => ({ default: (await import('./search-dialog.js')).SearchDialog }));

/** The frame around every page. */
export function Shell() {
  const t = useWords(shellWords);
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const [isSearching, setSearching] = useState(false);
  const mayListen = useMay('dashboard:read');
  const live = useLiveEvents(mayListen);
  useHotkeys([['mod+K', () => setSearching(true)]], []);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <a className="skip" href="#page">
        {t('skip')}
      </a>
      <AppShell.Header px="md">
        <Group h="100%" wrap="nowrap" justify="space-between">
          <Group wrap="nowrap" gap="sm">
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={t(isOpen ? 'closeNavigation' : 'openNavigation')}
            />
            <Link to="/" className="row-link" aria-label="Turnpike">
              <Group gap="xs" wrap="nowrap">
                <Image src="/landing.svg" w={28} h={28} alt="" />
                <Text fw={700} visibleFrom="xs">
                  Turnpike
                </Text>
              </Group>
            </Link>
          </Group>
          <SearchButton onClick={() => setSearching(true)} />
          <Group gap={4} wrap="nowrap">
            {mayListen ? <LiveLight state={live} /> : null}
            <Suspense fallback={<Skeleton circle h={34} w={34} />}>
              <AccountMenu />
            </Suspense>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar aria-label={t('navigation')}>
        <ScrollArea type="auto" p="xs">
          {navigation.map((group) => (
            <Links key={group.key} group={group} onFollow={close} />
          ))}
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="page" tabIndex={-1}>
        <PageRoutes />
      </AppShell.Main>
      <Suspense>{isSearching ? <SearchDialog onClose={() => setSearching(false)} /> : null}</Suspense>
    </AppShell>
  );
}

function SearchButton({ onClick }: { onClick: () => void }) {
  const t = useWords(shellWords);
  return (
    <>
      <UnstyledButton
        onClick={onClick}
        visibleFrom="sm"
        px="sm"
        h={36}
        w={360}
        bd="1px solid var(--mantine-color-default-border)"
        bdrs="md"
      >
        <Group gap="xs" wrap="nowrap">
          <IconSearch size={16} aria-hidden />
          <Text size="sm" c="dimmed" truncate flex={1}>
            {t('searchHint')}
          </Text>
          <Text size="xs" c="dimmed" ff="monospace">
            Ctrl K
          </Text>
        </Group>
      </UnstyledButton>
      <ActionIcon onClick={onClick} hiddenFrom="sm" variant="subtle" color="gray" size="lg" aria-label={t('search')}>
        <IconSearch size={20} />
      </ActionIcon>
    </>
  );
}

function Links({ group, onFollow }: { group: NavigationGroup; onFollow: () => void }) {
  const t = useWords(shellWords);
  const { permissions, role } = useMe();
  const { pathname } = useLocation();
  const entries = group.entries.filter(
    ({ needs, only }) => (needs === undefined || permissions.includes(needs)) && (only === undefined || only === role),
  );
  if (entries.length === 0) return null;
  return (
    <>
      <Text size="xs" c="dimmed" fw={600} px="sm" pt="sm" pb={4}>
        {t(group.key)}
      </Text>
      {entries.map(({ key, path, icon: Icon }) => (
        <NavLink
          key={key}
          component={Link}
          to={path}
          label={t(key)}
          active={path === '/' ? pathname === '/' : pathname.startsWith(path)}
          leftSection={<Icon size={18} stroke={1.6} aria-hidden />}
          rightSection={
            key === 'alerts' ? (
              <Suspense>
                <AlertCount />
              </Suspense>
            ) : undefined
          }
          onClick={onFollow}
          bdrs="md"
          py={6}
        />
      ))}
    </>
  );
}
