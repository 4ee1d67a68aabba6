import { z } from 'zod';

/** What customers are written to in: English, Swahili. */
export const languages = ['en', 'sw'] as const;
export const language = z.enum(languages);
export type Language = z.infer<typeof language>;

/** Of a stored text: English unless it is one of ours. */
export function languageOf(text: string): Language {
  return language.catch('en').parse(text);
}
