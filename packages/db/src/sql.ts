/** SQL text with values apart, to be put into another statement: what the client's `sql` template makes. */
export interface SqlFragment {
  readonly strings: readonly string[];
  readonly values: readonly unknown[];
}

/**
 * Statements as templates, every `${value}` a parameter. The client and its transactions are one, and so is a pool without
 * the client: what takes this runs in processes that have no room for it.
 */
export interface Sql {
  /** Rows with 64-bit integers as bigint, instants as Date, JSON as parsed. */
  $queryRaw<Rows = unknown>(query: TemplateStringsArray | SqlFragment, ...values: unknown[]): Promise<Rows>;
  /** Gives how many rows were changed. */
  $executeRaw(query: TemplateStringsArray | SqlFragment, ...values: unknown[]): Promise<number>;
}

export interface Statement {
  /** With `$1` and so on. */
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The statement that a template makes, fragments among its values become part of its text. */
export function statementOf(query: TemplateStringsArray | SqlFragment, values: readonly unknown[]): Statement {
  const parameters: unknown[] = [];
  const add = (strings: readonly string[], given: readonly unknown[]): string =>
    strings.reduce((text, part, index) => {
      const value = given[index - 1];
      if (isFragment(value)) return text + add(value.strings, value.values) + part;
      parameters.push(value);
      return `${text}$${parameters.length}${part}`;
    });
  const text = isFragment(query) ? add(query.strings, query.values) : add(query, values);
  return { text, values: parameters };
}

function isFragment(value: unknown): value is SqlFragment {
  return typeof value === 'object' && value !== null && 'strings' in value && 'values' in value;
}
