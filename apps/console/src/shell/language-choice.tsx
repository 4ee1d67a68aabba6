import { SegmentedControl } from '@mantine/core';
import { languages, type Language } from '../words/define-words.js';
import { useLanguageChoice } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { shellWords } from './shell-words.js';

/** Each language by its own name. */
const NAMES: Readonly<Record<Language, string>> = { en: 'English', sw: 'Kiswahili' };

export function LanguageChoice() {
  const { language, choose } = useLanguageChoice();
  const t = useWords(shellWords);
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('language')}
      value={language}
      data={languages.map((value) => ({ value, label: NAMES[value] }))}
      onChange={choose}
    />
  );
}
