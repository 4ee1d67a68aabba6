import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { languages, type Language } from './define-words.js';

const STORED_AT = 'turnpike-language';

/** The language chosen before, else the browser's, else English. */
function firstLanguage(): Language {
  const wanted = [localStorage.getItem(STORED_AT), ...navigator.languages];
  for (const name of wanted) {
    const found = languages.find((language) => name?.toLowerCase().startsWith(language) === true);
    if (found !== undefined) return found;
  }
  return 'en';
}

export function createWords(): i18n {
  const words = createInstance();
  const language = firstLanguage();
  document.documentElement.lang = language;
  void words.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: {},
    initAsync: false,
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  return words;
}

export async function chooseLanguage(words: i18n, language: Language): Promise<void> {
  localStorage.setItem(STORED_AT, language);
  document.documentElement.lang = language;
  await words.changeLanguage(language);
}
