import { workIn } from './statement-log.js';

const log = `2026-03-01 10:00:00.000 UTC [10] turnpike-api-0 LOG:  duration: 1.500 ms  plan:
\tQuery Text: SELECT 1
\tLimit  (cost=0.42..3.12 rows=51 width=519) (actual rows=51 loops=1)
\t  Buffers: shared hit=3 read=2 dirtied=1
\t  ->  Index Scan using payment_pkey on payment
\t        Buffers: shared hit=2 read=2
2026-03-01 10:00:00.001 UTC [11] turnpike-worker-0 LOG:  duration: 90.000 ms  plan:
\tQuery Text: SELECT 2
\tBuffers: shared hit=9000
2026-03-01 10:00:00.002 UTC [10] turnpike-api-0 LOG:  duration: 4.250 ms  plan:
\tQuery Text: SELECT 3
\tResult  (cost=0.00..0.01 rows=1 width=4) (actual rows=1 loops=1)
2026-03-01 10:00:00.003 UTC [10] turnpike-api-0 ERROR:  something else
`;

test('adds up what the API asked, by the pages of whole statements, and leaves out what others asked', () => {
  const { statements, ms, pages, slowest, texts } = workIn(log);
  expect([statements, ms, pages]).toEqual([2, 5.75, 5]);
  expect(slowest).toMatch(/^duration: 4\.250 ms[^]*SELECT 3/);
  expect(texts).toHaveLength(2);
});
