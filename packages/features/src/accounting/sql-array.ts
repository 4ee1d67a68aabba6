/**
 * Array literals of PostgreSQL as text, to be cast where they are used: one text parameter travels much faster through the
 * client than an array of many values. Numbers, UUIDs and other texts without quotes, commas, braces and spaces.
 */
export function plainArray(values: readonly (string | number | bigint | boolean | null)[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : String(value))).join(',')}}`;
}

/** Any texts without NUL. */
export function textArray(values: readonly (string | null)[]): string {
  return `{${values.map(quoted).join(',')}}`;
}

function quoted(value: string | null): string {
  if (value === null) return 'NULL';
  return value.includes('"') || value.includes('\\') ? `"${value.replace(/["\\]/g, '\\$&')}"` : `"${value}"`;
}
