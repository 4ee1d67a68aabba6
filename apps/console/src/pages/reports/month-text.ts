import { dateLocale } from '../../kit/zone.js';

/** `2026-11` as `Nov 2026`. */
export function monthText(month: string, language: string): string {
  return new Intl.DateTimeFormat(dateLocale(language), { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${month}-01T00:00:00Z`),
  );
}

/** Hundredths of a percent as `66.7 %`. */
export function percentText(basisPoints: number | null): string {
  return basisPoints === null ? '–' : `${(basisPoints / 100).toFixed(1)} %`;
}
