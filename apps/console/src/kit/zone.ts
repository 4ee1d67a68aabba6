const STORED_AT = 'turnpike-time-zone';
export const DEFAULT_ZONE = 'Africa/Nairobi';

/** Where this operator reads clocks. */
export function operatorZone(): string {
  return localStorage.getItem(STORED_AT) ?? DEFAULT_ZONE;
}

export function chooseZone(zone: string): void {
  localStorage.setItem(STORED_AT, zone);
}

/** English dates as Kenya writes them: the day before the month, 24 hours. */
export function dateLocale(language: string): string {
  return language === 'en' ? 'en-GB' : language;
}
