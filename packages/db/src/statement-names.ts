/** Statements that are prepared under a name: PostgreSQL reads and checks their text once a connection, not each time. */
export interface StatementNames {
  /** The name of a statement that is asked often; empty for others, which are sent as they are. */
  nameOf(sql: string): string;
}

/** A prepared statement stays in memory of every connection, some 20 KB each: only what is asked often is worth it. */
const MOST_NAMES = 100;
const OFTEN = 20;
/** Lists of ids make a new text for every length: neither they nor the counting of them may grow for ever. */
const MOST_COUNTED = 1_000;
const LONGEST = 8_192;

export function createStatementNames(): StatementNames {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();

  function isOften(sql: string): boolean {
    const count = (counts.get(sql) ?? 0) + 1;
    if (count >= OFTEN) return true;
    if (counts.size >= MOST_COUNTED && !counts.has(sql)) counts.clear();
    counts.set(sql, count);
    return false;
  }

  return {
    nameOf: (sql) => {
      const known = names.get(sql);
      if (known !== undefined) return known;
      if (names.size >= MOST_NAMES || sql.length > LONGEST || !isOften(sql)) return '';
      counts.delete(sql);
      const name = `tp${names.size + 1}`;
      names.set(sql, name);
      return name;
    },
  };
}
