/** `bad` stops a start, `hint` costs something, `ok` is ok. */
export interface Finding {
  readonly level: 'ok' | 'hint' | 'bad';
  readonly text: string;
  readonly remedy?: string;
}

export function judge(good: boolean, text: string, level: 'hint' | 'bad', remedy: string): Finding {
  return good ? { level: 'ok', text } : { level, text, remedy };
}
