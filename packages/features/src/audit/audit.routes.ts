import { invalidField } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import { listAudit, verifyAudit } from '@turnpike/contracts/audit.js';
import type { Db } from '@turnpike/db/database.js';
import { route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import { listAuditEntries } from './audit-list.store.js';
import { walkAuditChain } from './audit.store.js';
import { toAuditView } from './audit.view.js';

interface Deps {
  readonly db: Db;
  readonly clock: Clock;
  /** Of operators, by id. */
  readonly namesOf: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

/** How long one call looks at the chain: some ten thousand entries a second, and the database has others to serve. */
const VERIFY_MS = 5_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function auditRoutes({ db, clock, namesOf }: Deps): RouteBinding[] {
  return [
    route(listAudit, async ({ query }) => {
      const { limit, cursor, from, to, ...filter } = query;
      const period = { from: dateOf(from), to: dateOf(to) };
      const rows = await listAuditEntries(db, limit + 1, parseCursor(cursor), { ...filter, ...period });
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      const names = await namesOf([...new Set(items.map((row) => row.actor))].filter((actor) => UUID.test(actor)));
      return {
        items: items.map((row) => toAuditView(row, names)),
        nextCursor: rows.length > items.length && last !== undefined ? last.id.toString() : null,
      };
    }),
    route(verifyAudit, async ({ query, signal }) => {
      const until = clock.monotonicMs() + VERIFY_MS;
      const mayGoOn = () => clock.monotonicMs() < until && !signal.aborted;
      const { checked, head, broken, next } = await walkAuditChain(db, { after: parseCursor(query.cursor), mayGoOn });
      return {
        checked,
        intact: broken === undefined,
        firstBroken: broken === undefined ? null : { id: broken.entryId, reason: broken.reason },
        head,
        nextCursor: next?.toString() ?? null,
      };
    }),
  ];
}

function dateOf(instant: string | undefined): Date | undefined {
  return instant === undefined ? undefined : new Date(instant);
}

function parseCursor(cursor: string | undefined): bigint | undefined {
  if (cursor === undefined) return undefined;
  if (!/^\d{1,18}$/.test(cursor)) throw invalidField('cursor', 'must be the nextCursor of a page before');
  return BigInt(cursor);
}
