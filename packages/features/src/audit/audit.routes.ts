import { invalidField } from '@turnpike/core/app-error.js';
import { listAudit } from '@turnpike/contracts/auth.js';
import type { Db } from '@turnpike/db/database.js';
import { route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import { listAuditEntries } from './audit.store.js';
import { toAuditView } from './audit.view.js';

export function auditRoutes({ db }: { db: Db }): RouteBinding[] {
  return [
    route(listAudit, async ({ query }) => {
      const rows = await listAuditEntries(db, query.limit + 1, parseCursor(query.cursor));
      const items = rows.slice(0, query.limit);
      const last = items.at(-1);
      return {
        items: items.map(toAuditView),
        nextCursor: rows.length > items.length && last !== undefined ? last.id.toString() : null,
      };
    }),
  ];
}

function parseCursor(cursor: string | undefined): bigint | undefined {
  if (cursor === undefined) return undefined;
  if (!/^\d{1,18}$/.test(cursor)) throw invalidField('cursor', 'must be the nextCursor of a page before');
  return BigInt(cursor);
}
