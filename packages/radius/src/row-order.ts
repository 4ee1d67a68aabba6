const NONE = -1;

/** Which rows of a table are in use, oldest first, and which are free; the one freed last is taken first. */
export class RowOrder {
  private capacity = 0;
  /** Rows from here on were never taken. */
  private untouched = 0;
  private freed = NONE;
  private newest = NONE;
  private older = new Int32Array(0);
  /** For a free row: the next free one. */
  private newer = new Int32Array(0);
  /** The row in use for longest, or -1. */
  oldest = NONE;
  /** Rows in use. */
  size = 0;

  get hasRoom(): boolean {
    return this.size < this.capacity;
  }

  /** Makes room for `capacity` rows, at least as many as before. */
  extend(capacity: number): void {
    const older = new Int32Array(capacity);
    const newer = new Int32Array(capacity);
    older.set(this.older);
    newer.set(this.newer);
    this.older = older;
    this.newer = newer;
    this.capacity = capacity;
  }

  /** Takes a free row as the newest. There must be room. */
  take(): number {
    let row = this.freed;
    if (row !== NONE) {
      this.freed = this.newer[row] ?? NONE;
    } else {
      row = this.untouched;
      this.untouched += 1;
    }
    this.append(row);
    return row;
  }

  /** Makes a row in use the newest. */
  renew(row: number): void {
    this.detach(row);
    this.append(row);
  }

  release(row: number): void {
    this.detach(row);
    this.newer[row] = this.freed;
    this.freed = row;
  }

  private append(row: number): void {
    this.older[row] = this.newest;
    this.newer[row] = NONE;
    if (this.newest === NONE) this.oldest = row;
    else this.newer[this.newest] = row;
    this.newest = row;
    this.size += 1;
  }

  private detach(row: number): void {
    const older = this.older[row] ?? NONE;
    const newer = this.newer[row] ?? NONE;
    if (older === NONE) this.oldest = newer;
    else this.newer[older] = newer;
    if (newer === NONE) this.newest = older;
    else this.older[newer] = older;
    this.size -= 1;
  }
}
