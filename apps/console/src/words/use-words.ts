import { useTranslation } from 'react-i18next';
import { languages, type AskedKey, type Words } from './define-words.js';

type Values = Readonly<Record<string, string | number>>;
export type Say<Key extends string> = (key: AskedKey<Key>, values?: Values) => string;

/** Gives the texts of one part in the language of the moment. */
export function useWords<Key extends string>(words: Words<Key>): Say<Key> {
  const { i18n } = useTranslation();
  for (const language of languages) {
    if (!i18n.hasResourceBundle(language, words.name)) {
      i18n.addResourceBundle(language, words.name, words.texts[language]);
    }
  }
  const say = i18n.getFixedT(null, words.name);
  return (key, values) => say(key, { ...values });
}
