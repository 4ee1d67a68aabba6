/** A RouterOS release; `7.22 (stable)` and `7.23beta2` count as 7.22 and 7.23. */
export interface RosVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** undefined when the text does not begin with a version number. */
export function parseRosVersion(text: string): RosVersion | undefined {
  const match = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(text.trim());
  if (match === null) return undefined;
  return { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3] ?? 0) };
}

/** `floor` is written as `7.15`. */
export function isAtLeast(version: RosVersion, floor: string): boolean {
  const wanted = parseRosVersion(floor);
  if (wanted === undefined) return false;
  const steps = [version.major - wanted.major, version.minor - wanted.minor, version.patch - wanted.patch];
  return (steps.find((step) => step !== 0) ?? 0) >= 0;
}
