import { Code, Group, ScrollArea, Stack, Text } from '@mantine/core';
import { CopyButton } from '../../kit/copy-button.js';
import { useWords } from '../../words/use-words.js';
import { routerWords } from './router-words.js';

/** The script to paste on the router, with a button that copies it. */
export function BootstrapScript({ script, isMain = false }: { script: string; isMain?: boolean }) {
  const t = useWords(routerWords);
  return (
    <Stack gap="xs">
      <ScrollArea.Autosize mah={220} type="auto">
        <Code block tabIndex={0} aria-label={t('script')} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {script}
        </Code>
      </ScrollArea.Autosize>
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          {t('scriptSecret')}
        </Text>
        <CopyButton text={script} variant={isMain ? 'filled' : 'default'} />
      </Group>
    </Stack>
  );
}
