import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { EmptyState } from '../kit/empty-state.js';
import { useWords } from '../words/use-words.js';
import { shellWords } from './shell-words.js';

export function NotFoundPage() {
  const t = useWords(shellWords);
  return (
    <EmptyState
      title={t('notFound')}
      text={t('notFoundText')}
      action={
        <Button component={Link} to="/">
          {t('toDashboard')}
        </Button>
      }
    />
  );
}
