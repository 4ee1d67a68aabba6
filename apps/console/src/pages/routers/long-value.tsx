import { Spoiler } from '@mantine/core';
import { useWords } from '../../words/use-words.js';
import { serviceWords } from './service-words.js';

const LONG = 240;
const LINES_PX = 54;

/** A value of a router, which may be a whole file: of a long one the beginning, and all of it when asked. */
export function LongValue({ text }: { text: string }) {
  const t = useWords(serviceWords);
  if (text.length <= LONG) return <>{text}</>;
  return (
    <Spoiler
      maxHeight={LINES_PX}
      showLabel={t('showAll', { count: text.length })}
      hideLabel={t('showLess')}
      styles={{ control: { fontSize: 'var(--mantine-font-size-xs)' } }}
    >
      {text}
    </Spoiler>
  );
}
