export interface CsvLine {
  /** Counts from 1, as editors do. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Rows of a CSV text (RFC 4180), with a byte order mark or without, quoted or not, by commas, semicolons or tabs. */
export function parseCsv(text: string): CsvLine[] {
  const body = text.replace(/^\uFEFF/, '');
  const separator = separatorOf(body);
  const lines: CsvLine[] = [];
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  let line = 1;
  let startedAt = 1;
  const endCell = (): void => {
    cells.push(cell.trim());
    cell = '';
  };
  const endLine = (): void => {
    endCell();
    if (cells.some((each) => each !== '')) lines.push({ line: startedAt, cells });
    cells = [];
    startedAt = line;
  };
  for (let at = 0; at < body.length; at += 1) {
    const letter = body.charAt(at);
    if (letter === '\n') line += 1;
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (body.charAt(at + 1) === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (letter === '"' && cell.trim() === '') {
      cell = '';
      quoted = true;
    } else if (letter === separator) endCell();
    else if (letter === '\n') endLine();
    else if (letter !== '\r') cell += letter;
  }
  endLine();
  return lines;
}

/** The one that comes most often. */
function separatorOf(text: string): string {
  const head = text.slice(0, 10_000);
  const [best = ','] = [',', ';', '\t'].toSorted((a, b) => head.split(b).length - head.split(a).length);
  return best;
}
