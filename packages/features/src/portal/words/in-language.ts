import { english } from './en.js';
import type { Language } from './language.js';
import { swahili } from './sw.js';
import type { Words } from './words.js';

const all: Readonly<Record<Language, Words>> = { en: english, sw: swahili };

export function wordsIn(language: Language): Words {
  return all[language];
}
