/** What a provider sent, for reading: JSON with a line a field, anything else as it came. */
export function readableText(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2);
  } catch {
    return raw;
  }
}
