import type { AskedKey, Language, Words } from './define-words.js';

type Values = Readonly<Record<string, string | number>>;

/** Gives a text by its key; `values` fill in its `{{name}}`, and `count` chooses between `key_one` and `key_other`. */
export type Say<Key extends string> = (key: AskedKey<Key>, values?: Values) => string;

/** A missing value stays to be seen as it was written. Values are put in as they are: React shows them as text. */
export function sayIn<Key extends string>({ texts }: Words<Key>, language: Language): Say<Key> {
  const known: Readonly<Record<string, string>> = texts[language];
  const plurals = new Intl.PluralRules(language);
  return (key, values = {}) => {
    const { count } = values;
    const counted = typeof count === 'number' ? known[`${key}_${plurals.select(count)}`] : undefined;
    const text = counted ?? known[key] ?? known[`${key}_other`] ?? key;
    return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      return value === undefined ? whole : String(value);
    });
  };
}
