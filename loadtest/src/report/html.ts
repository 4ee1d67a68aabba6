/** Text as it may stand in an element or between the quotes of an attribute. */
export function escaped(text: string | number): string {
  return String(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A number as people read it: thousands apart, no more digits than say something. */
export function readable(value: number): string {
  if (!Number.isFinite(value)) return 'not measured';
  const size = Math.abs(value);
  const digits = Number.isInteger(value) ? 0 : size < 10 ? 2 : size < 1_000 ? 1 : 0;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function withUnit(text: string, unit: string): string {
  if (unit === '') return text;
  return unit.startsWith('/') ? text + unit : `${text} ${unit}`;
}
