import { ActionIcon } from '@mantine/core';
import { IconTerminal2 } from '@tabler/icons-react';
import { Suspense, lazy, useState } from 'react';
import { useWords } from '../words/use-words.js';
import type { Copied } from './copy-menu.js';
import { kitWords } from './kit-words.js';

const CopyMenu = lazy(async () => ({ default: (await import('./copy-menu.js')).CopyMenu }));

/** What is on the screen, as something to run elsewhere. */
export function CopyAs(copied: Copied) {
  const t = useWords(kitWords);
  const [isWanted, setWanted] = useState(false);
  const button = (
    <ActionIcon variant="default" size={36} aria-label={t('copy')} aria-haspopup="menu" onClick={() => setWanted(true)}>
      <IconTerminal2 size={18} />
    </ActionIcon>
  );
  return isWanted ? (
    <Suspense fallback={button}>
      <CopyMenu {...copied} />
    </Suspense>
  ) : (
    button
  );
}
