import fc from 'fast-check';
import { RowOrder } from './row-order.js';

test('keeps rows in the order in which they were taken or renewed, and uses freed ones again', () => {
  const step = fc.record({ what: fc.constantFrom('take', 'take', 'renew', 'release', 'extend'), which: fc.nat(30) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const order = new RowOrder();
      let capacity = 4;
      let rows: number[] = [];
      order.extend(capacity);
      for (const { what, which } of steps) {
        const row = rows[which % Math.max(1, rows.length)];
        if (what === 'extend') {
          capacity += which;
          order.extend(capacity);
        } else if (what === 'take') {
          expect(order.hasRoom).toBe(rows.length < capacity);
          if (rows.length === capacity) continue;
          const taken = order.take();
          expect(rows).not.toContain(taken);
          expect(taken).toBeLessThan(capacity);
          rows.push(taken);
        } else if (row !== undefined) {
          rows = rows.filter((other) => other !== row);
          if (what === 'renew') {
            order.renew(row);
            rows.push(row);
          } else {
            order.release(row);
          }
        }
        expect([order.size, order.oldest]).toEqual([rows.length, rows[0] ?? -1]);
      }
      for (const row of rows) {
        expect(order.oldest).toBe(row);
        order.release(row);
      }
    }),
    { numRuns: 500 },
  );
});
