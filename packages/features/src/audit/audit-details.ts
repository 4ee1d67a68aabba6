const SECRET_KEY = /password|secret|authorization|^token$|apikey|privatekey/i;

/**
 * Details as they are stored: plain JSON without text that PostgreSQL refuses (NUL, lone surrogates).
 * Values under the names of secrets are replaced; callers must not hand them over, this is the second lock on the door.
 */
export function storableDetails(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept = Object.entries(details).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept.map(([key, value]) => [storableText(key), storable(key, value)]));
}

/** PostgreSQL text holds every character but NUL, and only well-formed Unicode. */
export function storableText(text: string): string {
  return text.replace(/[\0\p{Cs}]/gu, '\u{fffd}');
}

function storable(key: string, value: unknown): unknown {
  if (SECRET_KEY.test(key) && typeof value !== 'boolean' && value !== null) return '[redacted]';
  if (typeof value === 'string') return storableText(value);
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item: unknown) => storable('', item) ?? null);
  if (typeof value === 'object' && value !== null) return storableDetails({ ...value });
  return value;
}
