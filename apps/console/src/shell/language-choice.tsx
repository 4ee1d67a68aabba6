import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { languages, type Language } from '../words/define-words.js';
import { chooseLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { shellWords } from './shell-words.js';

/** Each language by its own name. */
const NAMES: Readonly<Record<Language, string>> = { en: 'English', sw: 'Kiswahili' };

export function LanguageChoice() {
  const { i18n } = useTranslation();
  const t = useWords(shellWords);
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('language')}
      value={i18n.language === 'sw' ? 'sw' : 'en'}
      data={languages.map((language) => ({ value: language, label: NAMES[language] }))}
      onChange={(chosen: Language) => void chooseLanguage(i18n, chosen)}
    />
  );
}
