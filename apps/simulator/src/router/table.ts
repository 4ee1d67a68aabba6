/** One object of a menu. Flags such as `dynamic` that a menu does not print are kept beside the properties. */
export interface Row {
  readonly id: string;
  readonly props: Record<string, string>;
  readonly dynamic: boolean;
  /** What made a dynamic row, for example `hotspot`; undefined for what the operator added. */
  readonly owner: string | undefined;
  /** Values that move by themselves (counters, uptimes), asked for whenever the row is printed. */
  readonly live: (() => Record<string, string>) | undefined;
}

/** Gives `*1`, `*2` .. upper-case hexadecimal, never the same twice. */
export function createIdSource(): () => string {
  let last = 0;
  return () => {
    last += 1;
    return `*${last.toString(16).toUpperCase()}`;
  };
}

/** The rows of one menu in their order. */
export class Table {
  readonly #nextId: () => string;
  #rows: Row[] = [];

  constructor(nextId: () => string = createIdSource()) {
    this.#nextId = nextId;
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }

  insert(
    props: Record<string, string>,
    options: {
      dynamic?: boolean;
      owner?: string | undefined;
      before?: string | undefined;
      live?: () => Record<string, string>;
    } = {},
  ): Row {
    const row: Row = {
      id: this.#nextId(),
      props,
      dynamic: options.dynamic ?? false,
      owner: options.owner,
      live: options.live,
    };
    const index = this.#rows.findIndex((other) => other.id === options.before);
    if (index < 0) this.#rows.push(row);
    else this.#rows.splice(index, 0, row);
    return row;
  }

  remove(id: string): Row | undefined {
    const index = this.#rows.findIndex((row) => row.id === id);
    return index < 0 ? undefined : this.#rows.splice(index, 1)[0];
  }

  removeWhere(test: (row: Row) => boolean): Row[] {
    const gone = this.#rows.filter(test);
    if (gone.length > 0) this.#rows = this.#rows.filter((row) => !test(row));
    return gone;
  }

  byId(id: string): Row | undefined {
    return this.#rows.find((row) => row.id === id);
  }

  /** Puts the rows in front of `destination`, or at the end. */
  move(ids: readonly string[], destination: string | undefined): void {
    const moved = this.#rows.filter((row) => ids.includes(row.id));
    const rest = this.#rows.filter((row) => !ids.includes(row.id));
    const index = rest.findIndex((row) => row.id === destination);
    rest.splice(index < 0 ? rest.length : index, 0, ...moved);
    this.#rows = rest;
  }
}
