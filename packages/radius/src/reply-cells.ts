/**
 * A copy of a reply for each row of a table, in cells of a few large blocks: as Buffers of their own hundreds of
 * thousands would take twice the room and make every garbage collection longer.
 */
export interface ReplyCells {
  set(row: number, reply: Buffer): void;
  /** A copy; undefined where none was set. */
  get(row: number): Buffer | undefined;
  clear(row: number): void;
}

const ROWS_IN_BLOCK = 4_096;
const SIZE_BYTES = 2;
// Holds what a hotspot login is answered with; a longer reply gets a Buffer of its own.
const CELL_BYTES = 192;
const LONGEST = CELL_BYTES - SIZE_BYTES;

export function createReplyCells(): ReplyCells {
  const blocks: Buffer[] = [];
  const long = new Map<number, Buffer>();

  function blockOf(row: number): Buffer {
    const index = Math.floor(row / ROWS_IN_BLOCK);
    while (blocks.length <= index) blocks.push(Buffer.alloc(ROWS_IN_BLOCK * CELL_BYTES));
    return blocks[index] ?? Buffer.alloc(0);
  }

  const cellOf = (row: number): number => (row % ROWS_IN_BLOCK) * CELL_BYTES;

  function clear(row: number): void {
    blockOf(row).writeUInt16LE(0, cellOf(row));
    if (long.size > 0) long.delete(row);
  }

  return {
    set(row, reply) {
      clear(row);
      if (reply.length > LONGEST) {
        long.set(row, Buffer.from(reply));
        return;
      }
      const block = blockOf(row);
      block.writeUInt16LE(reply.length, cellOf(row));
      block.set(reply, cellOf(row) + SIZE_BYTES);
    },
    get(row) {
      const block = blockOf(row);
      const cell = cellOf(row);
      const size = block.readUInt16LE(cell);
      return size === 0 ? long.get(row) : Buffer.from(block.subarray(cell + SIZE_BYTES, cell + SIZE_BYTES + size));
    },
    clear,
  };
}
