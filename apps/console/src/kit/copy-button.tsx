import { Button, type ButtonProps } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { useWords } from '../words/use-words.js';
import { copyText } from './copy-text.js';
import { kitWords } from './kit-words.js';

const SHOWN_MS = 2_000;

/** Copies a text, also on pages over plain HTTP, and says that it did. */
export function CopyButton({ text, ...button }: ButtonProps & { readonly text: string }) {
  const t = useWords(kitWords);
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await copyText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN_MS);
  };
  return (
    <Button
      variant="default"
      leftSection={isCopied ? <IconCheck size={16} /> : <IconCopy size={16} />}
      {...button}
      onClick={() => void copy()}
    >
      {t(isCopied ? 'copied' : 'copy')}
    </Button>
  );
}
