import { Text, Tooltip } from '@mantine/core';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { kitWords } from './kit-words.js';
import { dateLocale, operatorZone } from './zone.js';

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;
const LONG_AGO_S = 7 * 86_400;

/** An instant (ISO 8601) in the operator's zone; near ones as `5 min ago`, with the exact time beside. */
export function When({ at, style = 'near' }: { at: string | null; style?: 'near' | 'exact' }) {
  const language = useLanguage();
  const t = useWords(kitWords);
  if (at === null) return <span>{t('never')}</span>;
  const instant = new Date(at);
  const exact = exactTime(instant, language);
  const text = style === 'exact' ? exact : nearTime(instant, language);
  return (
    <Tooltip label={`${exact} ${operatorZone()}`}>
      <Text span inherit component="time" dateTime={at} className="figures one-line">
        {text}
      </Text>
    </Tooltip>
  );
}

export function exactTime(instant: Date, language: string): string {
  return new Intl.DateTimeFormat(dateLocale(language), {
    dateStyle: 'medium',
    timeStyle: 'medium',
    timeZone: operatorZone(),
  }).format(instant);
}

export function nearTime(instant: Date, language: string, nowMs: number = Date.now()): string {
  const seconds = Math.round((instant.getTime() - nowMs) / 1_000);
  if (Math.abs(seconds) > LONG_AGO_S) {
    return new Intl.DateTimeFormat(dateLocale(language), { dateStyle: 'medium', timeZone: operatorZone() }).format(
      instant,
    );
  }
  const [unit, size] = UNITS.find(([, unitSeconds]) => Math.abs(seconds) >= unitSeconds) ?? ['second', 1];
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' }).format(
    Math.round(seconds / size),
    unit,
  );
}
