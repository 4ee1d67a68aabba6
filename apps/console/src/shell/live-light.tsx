import { Box, Tooltip, VisuallyHidden } from '@mantine/core';
import type { LiveState } from '../live/live-events.js';
import { useWords } from '../words/use-words.js';
import { shellWords } from './shell-words.js';

const COLOURS: Readonly<Record<LiveState, string>> = { live: 'green.6', connecting: 'gray.5', lost: 'red.6' };

/** Whether the page is told of changes. */
export function LiveLight({ state }: { state: LiveState }) {
  const t = useWords(shellWords);
  return (
    <Tooltip label={t(state)} multiline maw={260}>
      <Box role="status" tabIndex={0} p={6}>
        <Box w={10} h={10} bg={COLOURS[state]} bdrs={10} />
        <VisuallyHidden>{t(state)}</VisuallyHidden>
      </Box>
    </Tooltip>
  );
}
