import { Anchor, Box, Breadcrumbs, Group, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

interface Props {
  readonly title: string;
  /** One sentence below the title, where the title does not say it all. */
  readonly about?: string;
  /** Where this page belongs, outermost first. */
  readonly trail?: readonly { readonly label: string; readonly to: string }[];
  /** Beside the title: a status. */
  readonly badge?: ReactNode;
  /** Buttons at the right; the main one last. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** Title, actions and content of a page. */
export function Page({ title, about, trail = [], badge, actions, children }: Props) {
  useDocumentTitle(`${title} · Turnpike`);
  return (
    <Stack gap="md" maw={1600} mx="auto">
      {trail.length === 0 ? null : (
        <Breadcrumbs styles={{ breadcrumb: { whiteSpace: 'normal', overflowWrap: 'anywhere' } }}>
          {trail.map(({ label, to }) => (
            <Anchor key={to} component={Link} to={to} size="sm">
              {label}
            </Anchor>
          ))}
        </Breadcrumbs>
      )}
      <Group justify="space-between" align="flex-start">
        <Box flex="1 1 300px">
          <Group gap="sm">
            <Title order={1} size="h2">
              {title}
            </Title>
            {badge}
          </Group>
          {about === undefined ? null : (
            <Text c="dimmed" size="sm" maw={720}>
              {about}
            </Text>
          )}
        </Box>
        <Group gap="xs">{actions}</Group>
      </Group>
      {children}
    </Stack>
  );
}
