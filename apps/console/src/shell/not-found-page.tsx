import { NotThere } from '../kit/not-there.js';
import { useWords } from '../words/use-words.js';
import { shellWords } from './shell-words.js';

export function NotFoundPage() {
  const t = useWords(shellWords);
  return <NotThere title={t('notFound')} text={t('notFoundText')} to="/" label={t('toDashboard')} />;
}
