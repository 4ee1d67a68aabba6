/** RouterOS version numbers such as `6.49.17`, `7.22` or `7.18.2`. */
export interface RosVersion {
  readonly text: string;
  readonly numbers: readonly number[];
}

/** Throws a plain Error for anything that is not digits and dots. */
export function parseVersion(text: string): RosVersion {
  if (!/^\d+(\.\d+){1,2}$/.test(text)) throw new Error(`not a RouterOS version: ${text}`);
  return { text, numbers: text.split('.').map(Number) };
}

export function atLeast(version: RosVersion, wanted: string): boolean {
  const other = parseVersion(wanted).numbers;
  for (let i = 0; i < 3; i += 1) {
    const difference = (version.numbers[i] ?? 0) - (other[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** True where something introduced in `since` and gone from `until` on is there. */
export function existsIn(
  version: RosVersion,
  span: { readonly since?: string | undefined; readonly until?: string | undefined },
): boolean {
  if (span.since !== undefined && !atLeast(version, span.since)) return false;
  return span.until === undefined || !atLeast(version, span.until);
}
