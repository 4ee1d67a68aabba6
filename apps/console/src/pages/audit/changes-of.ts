export interface FieldChange {
  readonly field: string;
  /** Undefined: the entry says only how it is. */
  readonly before: string | undefined;
  readonly after: string;
}

/**
 * The details of an audit entry as lines: fields that were replaced with their value before and after, then what else it says.
 */
export function changesOf(details: Readonly<Record<string, unknown>>): FieldChange[] {
  const { before, after, ...rest } = details;
  const [old, now] = [recordOf(before), recordOf(after)];
  if (old === undefined || now === undefined) return Object.entries(details).map(plain);
  const fields = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return [
    ...fields.map((field) => ({ field, before: valueText(old[field]), after: valueText(now[field]) })),
    ...Object.entries(rest).map(plain),
  ];
}

function plain([field, value]: [string, unknown]): FieldChange {
  return { field, before: undefined, after: valueText(value) };
}

function recordOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

function valueText(value: unknown): string {
  if (value === undefined || value === null || value === '') return '–';
  if (typeof value === 'string') return value;
  return JSON.stringify(value);
}
