import { ActionIcon, Box, Menu, SegmentedControl, Text, useMantineColorScheme } from '@mantine/core';
import { IconLogout, IconShieldLock, IconUserCircle } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { logout } from '@turnpike/contracts/auth.js';
import { Link } from 'react-router';
import { call } from '../api/call.js';
import { SIGNED_IN_KEY } from '../api/queries.js';
import { useMe } from '../session/session.js';
import { useWords } from '../words/use-words.js';
import { LanguageChoice } from './language-choice.js';
import { shellWords } from './shell-words.js';

const SCHEMES = ['light', 'dark', 'auto'] as const;

/** Who is signed in, the look, and the way out. */
export function AccountMenu() {
  const t = useWords(shellWords);
  const operator = useMe();
  const queries = useQueryClient();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leave = async () => {
    // Whoever is not signed in any more has what he wanted.
    await call(logout).catch(() => undefined);
    queries.setQueryData(SIGNED_IN_KEY, null);
    // Not `clear`: whoever looks at who is signed in would never hear of it.
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[1] !== SIGNED_IN_KEY[1] });
  };
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`${t('account')}: ${operator.name}`}>
          <IconUserCircle size={22} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Box px="sm" py="xs">
          <Text size="sm" fw={600} truncate>
            {operator.name}
          </Text>
          <Text size="xs" c="dimmed" truncate>
            {operator.email} · {operator.role}
          </Text>
        </Box>
        <Menu.Divider />
        <Menu.Item component={Link} to="/settings/security" leftSection={<IconShieldLock size={16} />}>
          {t('security')}
        </Menu.Item>
        <Menu.Divider />
        <Box px="sm" py={6}>
          <Text size="xs" c="dimmed" mb={4}>
            {t('colours')}
          </Text>
          <SegmentedControl
            size="xs"
            fullWidth
            aria-label={t('colours')}
            value={colorScheme}
            onChange={(chosen) => setColorScheme(chosen)}
            data={SCHEMES.map((value) => ({ value, label: t(value === 'auto' ? 'system' : value) }))}
          />
        </Box>
        <Box px="sm" py={6}>
          <Text size="xs" c="dimmed" mb={4}>
            {t('language')}
          </Text>
          <LanguageChoice />
        </Box>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void leave()}>
          {t('signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
