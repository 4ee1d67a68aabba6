import { useMemo } from 'react';
import type { Words } from './define-words.js';
import { useLanguage } from './language.js';
import { sayIn, type Say } from './say.js';

/** Gives the texts of one part in the language of the moment. */
export function useWords<Key extends string>(words: Words<Key>): Say<Key> {
  const language = useLanguage();
  return useMemo(() => sayIn(words, language), [words, language]);
}
