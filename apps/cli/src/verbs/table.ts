/** Turns text into coloured text; must not change its width. */
export type Paint = (text: string) => string;

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  readonly paint?: (row: Row) => Paint | undefined;
  readonly align?: 'right';
  /** May be cut where the table is too wide. */
  readonly mayShrink?: boolean;
}

const GAP = '  ';
const NARROWEST = 8;

/** Lines of an aligned table that fit into `width` columns, as far as the columns that may be cut allow. */
export function formatTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
  head: Paint,
): string[] {
  const cells = rows.map((row) => columns.map((column) => oneLine(column.value(row))));
  const widths = fitted(columns, cells, width);
  const line = (texts: readonly string[], paint: (position: number) => Paint | undefined): string =>
    columns
      .map(({ align }, position) => {
        const room = widths[position] ?? 0;
        const text = cut(texts[position] ?? '', room);
        const isLast = position === columns.length - 1 && align !== 'right';
        const padded = align === 'right' ? text.padStart(room) : isLast ? text : text.padEnd(room);
        return (paint(position) ?? same)(padded);
      })
      .join(GAP);
  const titles = columns.map(({ title }) => title);
  return [
    line(titles, () => head),
    ...rows.map((row, index) => line(cells[index] ?? [], (position) => columns[position]?.paint?.(row))),
  ];
}

function same(text: string): string {
  return text;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function cut(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, Math.max(0, room - 1))}…`;
}

/** Natural widths, the widest that may shrink made narrower until all fit. */
function fitted<Row>(columns: readonly Column<Row>[], cells: readonly (readonly string[])[], width: number): number[] {
  const widths = columns.map(({ title }, position) =>
    Math.max(title.length, ...cells.map((row) => row[position]?.length ?? 0)),
  );
  const total = (): number => widths.reduce((sum, one) => sum + one, 0) + GAP.length * (columns.length - 1);
  while (total() > width) {
    const shrinkable = columns.flatMap(({ mayShrink }, position) =>
      mayShrink === true && (widths[position] ?? 0) > NARROWEST ? [position] : [],
    );
    const [widest] = shrinkable.sort((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0));
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}
