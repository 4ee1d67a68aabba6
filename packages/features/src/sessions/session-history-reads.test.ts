import { Prisma } from '@turnpike/db/generated/client.js';
import { listHistoryRows } from './session-history.store.js';
import { openSessionsRig, type SessionsRig } from './sessions-rig.js';

const ROUTERS = 400;
const SESSIONS = 80_000;

let rig: SessionsRig;

beforeAll(async () => {
  rig = await openSessionsRig('127.0.88.7');
  await rig.db.$executeRaw`
    INSERT INTO router (id, name, api_port, api_username, api_password, radius_secret, updated_at)
    SELECT gen_random_uuid(), 'past ' || n, 8728, 'none', '', '', now() FROM generate_series(2, ${ROUTERS}::int) AS n`;
  // A year of sessions of an hour each, the last one two hours ago.
  await rig.db.$executeRaw`
    INSERT INTO session (id, key, acct_session_id, router_id, username, state, started_at, last_seen_at, stopped_at)
    SELECT gen_random_uuid(), 'past-' || n, n::text, routers.ids[1 + n % ${ROUTERS}::int], 'past', 'closed',
           began, began + interval '1 hour', began + interval '1 hour'
    FROM (SELECT array_agg(id) AS ids FROM router) AS routers, generate_series(1, ${SESSIONS}::int) AS n,
    LATERAL (SELECT now() - interval '365 days' * (n / ${SESSIONS}::float8) - interval '2 hours' AS began) AS at`;
  await rig.db.$executeRaw`ANALYZE router, session`;
}, 60_000);

afterAll(() => rig.close());

interface PlanNode {
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** Rows of the table that the plan looked at. */
function rowsLookedAt(node: PlanNode): number {
  const own = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
  const below = (node.Plans ?? []).map(rowsLookedAt);
  return below.reduce((sum, rows) => sum + rows, node['Relation Name'] === 'session' ? own : 0);
}

/** What PostgreSQL looks at for one page of the history, in all statements. */
async function lookedAt(filter: Partial<Parameters<typeof listHistoryRows>[1]>): Promise<number> {
  let rows = 0;
  const explaining = rig.db.$extends({
    query: {
      $queryRaw: async ({ args, query }) => {
        const explain = Prisma.sql`EXPLAIN (ANALYZE, FORMAT JSON) ${args}`;
        const [plan] = await rig.db.$queryRaw<{ 'QUERY PLAN': { Plan: PlanNode }[] }[]>(explain);
        for (const { Plan: root } of plan?.['QUERY PLAN'] ?? []) rows += rowsLookedAt(root);
        return query(args);
      },
    },
  });
  const tx = { ...rig.db, $queryRaw: explaining.$queryRaw.bind(explaining) };
  const all = { from: undefined, to: undefined, sites: null, after: undefined, limit: 50 };
  await listHistoryRows(tx, { ...all, ...filter });
  return rows;
}

describe('a page of the history is read without what was over long before', () => {
  const ago = (days: number): Date => new Date(Date.now() - days * 86_400_000);

  test.each([2, 13, 100, 300])('of one router on the day %i days ago', async (days) => {
    const ofDay = { from: ago(days), to: ago(days - 1), routerId: rig.routerId };
    // Of that day and the day before it there is one or two.
    expect(await lookedAt(ofDay)).toBeLessThan(40);
  });
});
