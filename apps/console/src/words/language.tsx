import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';
import { languages, type Language } from './define-words.js';

interface Choice {
  readonly language: Language;
  readonly choose: (language: Language) => void;
}

const STORED_AT = 'turnpike-language';

const Chosen = createContext<Choice | undefined>(undefined);

/** The language chosen before, else the browser's, else English; and what changes it. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage);
  document.documentElement.lang = language;
  const choice = useMemo(
    () => ({
      language,
      choose: (next: Language) => {
        localStorage.setItem(STORED_AT, next);
        setLanguage(next);
      },
    }),
    [language],
  );
  return <Chosen.Provider value={choice}>{children}</Chosen.Provider>;
}

export function useLanguage(): Language {
  return useLanguageChoice().language;
}

/** The same outside of components: what the page says it is written in. */
export function languageOfPage(): Language {
  const lang = typeof document === 'undefined' ? 'en' : document.documentElement.lang;
  return languages.find((language) => language === lang) ?? 'en';
}

export function useLanguageChoice(): Choice {
  const choice = useContext(Chosen);
  if (choice === undefined) throw new Error('there is no LanguageProvider around this');
  return choice;
}

function firstLanguage(): Language {
  const wanted = [localStorage.getItem(STORED_AT), ...navigator.languages];
  for (const name of wanted) {
    const found = languages.find((language) => name?.toLowerCase().startsWith(language) === true);
    if (found !== undefined) return found;
  }
  return 'en';
}
