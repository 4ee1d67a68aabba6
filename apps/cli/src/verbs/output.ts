import picocolors from 'picocolors';
import { formatTable, type Column, type Paint } from './table.js';

/** Where a verb writes to. */
export interface Terminal {
  readonly write: (text: string) => void;
  readonly error: (text: string) => void;
  /** A person looks at what is written. */
  readonly isTty: boolean;
  readonly hasColours: boolean;
  readonly columns: number;
}

export interface Colours {
  readonly good: Paint;
  readonly bad: Paint;
  readonly warn: Paint;
  readonly dim: Paint;
  readonly bold: Paint;
}

/** What verbs say: text for people, or one JSON value a line (NDJSON) for programs. */
export interface Output {
  readonly json: boolean;
  readonly colours: Colours;
  readonly terminal: Terminal;
  /** A list: a table, or `empty` when there is nothing in it. */
  list<Row>(columns: readonly Column<Row>[], rows: readonly Row[], empty: string): void;
  /** One thing: its properties below each other. */
  thing(value: unknown, properties: readonly (readonly [string, string])[]): void;
  /** A sentence for people; programs do not get it. */
  say(text: string): void;
  /** A value for programs; people do not get it. */
  emit(value: unknown): void;
  /** What stands in the way, on the error stream in both cases. */
  complain(text: string): void;
}

export function createOutput(terminal: Terminal, json: boolean): Output {
  const painted = picocolors.createColors(terminal.hasColours);
  const colours = {
    good: painted.green,
    bad: painted.red,
    warn: painted.yellow,
    dim: painted.dim,
    bold: painted.bold,
  };
  const emit = (value: unknown): void => {
    if (json) terminal.write(`${JSON.stringify(value)}\n`);
  };
  const say = (text: string): void => {
    if (!json) terminal.write(`${text}\n`);
  };
  return {
    json,
    colours,
    terminal,
    emit,
    say,
    list: (columns, rows, empty) => {
      rows.forEach(emit);
      if (json) return;
      if (rows.length === 0) say(empty);
      else for (const line of formatTable(columns, rows, terminal.columns, colours.dim)) say(line);
    },
    thing: (value, properties) => {
      emit(value);
      const width = Math.max(...properties.map(([name]) => name.length));
      for (const [name, text] of properties) say(`${colours.dim(name.padEnd(width))}  ${text}`);
    },
    complain: (text) => terminal.error(`${text}\n`),
  };
}
