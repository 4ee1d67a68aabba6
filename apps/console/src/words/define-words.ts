export const languages = ['en', 'sw'] as const;
export type Language = (typeof languages)[number];

/** Texts of one part of the console in every language; `{{name}}` is filled in, `key_one` and `key_other` count. */
export interface Words<Key extends string> {
  readonly name: string;
  readonly texts: Readonly<Record<Language, Readonly<Record<Key, string>>>>;
}

/** A text that one language has and the other lacks does not compile. */
export function defineWords<Key extends string>(
  name: string,
  texts: { readonly en: Readonly<Record<Key, string>>; readonly sw: Readonly<Record<NoInfer<Key>, string>> },
): Words<Key> {
  return { name, texts };
}

/** What is asked for: counted texts by the name before `_one` and `_other`. */
export type AskedKey<Key extends string> = Key extends `${infer Base}_one` | `${infer Base}_other` ? Base : Key;
