import { Card, Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  readonly title: string;
  readonly about?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A card with a heading of its own. */
export function Section({ title, about, actions, children }: Props) {
  return (
    <Card withBorder component="section" padding="md">
      <Group justify="space-between" mb="sm" align="flex-start">
        <div>
          <Title order={2} size="h5">
            {title}
          </Title>
          {about === undefined ? null : (
            <Text size="sm" c="dimmed">
              {about}
            </Text>
          )}
        </div>
        {actions === undefined ? null : <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Card>
  );
}
