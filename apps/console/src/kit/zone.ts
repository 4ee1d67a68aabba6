const STORED_AT = 'turnpike-time-zone';
export const DEFAULT_ZONE = 'Africa/Nairobi';

/** Where this operator reads clocks. */
export function operatorZone(): string {
  return localStorage.getItem(STORED_AT) ?? DEFAULT_ZONE;
}

export function chooseZone(zone: string): void {
  localStorage.setItem(STORED_AT, zone);
}
