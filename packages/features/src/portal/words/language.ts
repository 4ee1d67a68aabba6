export const languages = ['en', 'sw'] as const;
export type Language = (typeof languages)[number];

export function parseLanguage(text: unknown): Language | undefined {
  return languages.find((language) => language === text);
}

/** The language that Accept-Language likes best of ours (RFC 9110 12.5.4); English when it likes none. */
export function preferredLanguage(header: string | undefined): Language {
  const wishes = (header ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const quality = parameters.map((one) => /^\s*q=([\d.]+)$/.exec(one)?.[1]).find((one) => one !== undefined);
      return { language: parseLanguage(tag.split('-')[0]), quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ language, quality }) => language !== undefined && quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return wishes[0]?.language ?? 'en';
}
