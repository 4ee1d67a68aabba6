import fc from 'fast-check';
import { createReplyCells } from './reply-cells.js';

test('gives back what was set last, of any size a reply has, in rows far apart', () => {
  const entry = fc.record({
    row: fc.oneof(fc.nat(3), fc.nat(9_000)),
    size: fc.integer({ min: 20, max: 4_096 }),
    clear: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 40 }), (entries) => {
      const cells = createReplyCells();
      const held = new Map<number, Buffer>();
      for (const [n, { row, size, clear }] of entries.entries()) {
        const reply = Buffer.alloc(n % 2 === 0 ? size : 20 + (size % 200), n + 1);
        if (clear) cells.clear(row);
        else cells.set(row, reply);
        if (clear) held.delete(row);
        else held.set(row, reply);
      }
      for (const { row } of entries) expect(cells.get(row)).toEqual(held.get(row));
    }),
    { numRuns: 300 },
  );
});

test('keeps a copy and gives copies', () => {
  const cells = createReplyCells();
  const reply = Buffer.alloc(30, 1);
  cells.set(0, reply);
  reply.fill(2);
  cells.get(0)?.fill(3);
  expect(cells.get(0)).toEqual(Buffer.alloc(30, 1));
});
