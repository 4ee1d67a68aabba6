import { Alert, Group, List, Loader, Stack, Text, ThemeIcon } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import type { verifyConnectivity } from '@turnpike/contracts/routers.js';
import type { z } from 'zod';
import { useWords } from '../../words/use-words.js';
import { routerWords } from './router-words.js';

type Check = z.output<typeof verifyConnectivity.response>;

const STEPS = { address: 'stepAddress', connect: 'stepConnect', login: 'stepLogin', read: 'stepRead' } as const;

/** How far we get into a router, step by step. */
export function ConnectionCheck({ check }: { check: Check | undefined }) {
  const t = useWords(routerWords);
  if (check === undefined) {
    return (
      <Group gap="sm" role="status">
        <Loader size="xs" />
        <Text size="sm">{t('verifying')}</Text>
      </Group>
    );
  }
  return (
    <Stack gap="sm" role="status">
      <Alert color={check.reachable ? 'green' : 'red'}>{t(check.reachable ? 'verifyOk' : 'verifyNot')}</Alert>
      <List size="sm" spacing="xs" center={false} listStyleType="none">
        {check.steps.map(({ step, ok, ms, detail }) => (
          <List.Item
            key={step}
            icon={
              <ThemeIcon color={ok ? 'green' : 'red'} size={20} radius="xl">
                {ok ? <IconCheck size={14} aria-hidden /> : <IconX size={14} aria-hidden />}
              </ThemeIcon>
            }
          >
            <b>{t(STEPS[step])}</b>{' '}
            <Text span size="xs" c="dimmed" className="figures">
              {t('ms', { ms: Math.round(ms) })}
            </Text>
            <Text size="sm">{detail}</Text>
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}
