import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { EmptyState } from './empty-state.js';

interface Props {
  readonly title: string;
  readonly text: string;
  /** Where to go instead, and how it is called. */
  readonly to: string;
  readonly label: string;
}

/** What an address leads to does not exist, or not any more. */
export function NotThere({ title, text, to, label }: Props) {
  return (
    <EmptyState
      title={title}
      text={text}
      action={
        <Button component={Link} to={to}>
          {label}
        </Button>
      }
    />
  );
}
