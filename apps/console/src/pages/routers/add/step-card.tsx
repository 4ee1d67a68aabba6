import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useWords } from '../../../words/use-words.js';
import { addWords } from './add-words.js';

interface Props {
  readonly title: string;
  readonly about?: string;
  /** Address of the step before; undefined: there is none to go back to. */
  readonly back?: string;
  /** The way on, at the right. */
  readonly next?: ReactNode;
  readonly children: ReactNode;
}

/** One step: what it is about, its content, and the ways back and on. */
export function StepCard({ title, about, back, next, children }: Props) {
  const t = useWords(addWords);
  return (
    <Card withBorder padding="lg" component="section">
      <Stack>
        <div>
          <Title order={2} size="h4">
            {title}
          </Title>
          {about === undefined ? null : (
            <Text size="sm" c="dimmed" maw={680}>
              {about}
            </Text>
          )}
        </div>
        {children}
        <Group justify="space-between">
          {back === undefined ? (
            <span />
          ) : (
            <Button component={Link} to={back} variant="default">
              {t('back')}
            </Button>
          )}
          {next}
        </Group>
      </Stack>
    </Card>
  );
}
