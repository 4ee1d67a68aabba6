import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import type { ApiProblem } from '../api/api-problem.js';
import { useWords } from '../words/use-words.js';
import { tellsMore } from './issue-of.js';
import { kitWords } from './kit-words.js';
import { Refusal } from './refusal.js';

interface Props {
  readonly title: string;
  /** What will happen, and whether it can be undone. */
  readonly about?: string;
  /** What the button does, in a verb. */
  readonly verb: string;
  readonly isDangerous?: boolean;
  readonly isBusy: boolean;
  /** Undefined: it can be sent. */
  readonly isComplete?: boolean;
  readonly problem: ApiProblem | null;
  /** Paths that are told beside their fields. */
  readonly fields: readonly string[];
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A form over the page; mounted while it is open, so that it always begins empty. */
export function FormDialog(props: Props) {
  const t = useWords(kitWords);
  const { title, about, verb, isDangerous = false, isBusy, isComplete = true, problem, fields, onClose } = props;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Events of a portal bubble through React's tree: a form around this one must not be sent too.
    event.stopPropagation();
    props.onSubmit();
  };
  return (
    <Modal opened onClose={onClose} title={title} centered>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {about === undefined ? null : <Text size="sm">{about}</Text>}
          {props.children}
          {tellsMore(problem, fields) ? <Refusal problem={problem} /> : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" color={isDangerous ? 'red' : undefined} loading={isBusy} disabled={!isComplete}>
              {verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
