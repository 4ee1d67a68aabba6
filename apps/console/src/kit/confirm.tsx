import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useWords } from '../words/use-words.js';
import { kitWords } from './kit-words.js';

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** A question: "Delete gate-1?" */
  readonly title: string;
  /** What will happen to whom, and whether it can be undone. */
  readonly consequences: string;
  /** What the button does, in a verb: "Delete router". */
  readonly verb: string;
  readonly isDangerous?: boolean;
  readonly isBusy?: boolean;
  readonly onConfirm: () => void;
  /** Fields to fill in first. */
  readonly children?: ReactNode;
}

/** Asks before something that matters. */
export function Confirm({
  isOpen,
  onClose,
  title,
  consequences,
  verb,
  isDangerous = false,
  isBusy = false,
  onConfirm,
  children,
}: Props) {
  const t = useWords(kitWords);
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} centered>
      <Stack>
        <Text size="sm">{consequences}</Text>
        {children}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button color={isDangerous ? 'red' : undefined} loading={isBusy} onClick={onConfirm}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
