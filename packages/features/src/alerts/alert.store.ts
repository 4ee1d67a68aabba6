import type { AlertState } from '@turnpike/contracts/alerts.js';
import type { AlertSeverity } from '@turnpike/contracts/alert-kinds.js';
import type { Tx } from '@turnpike/db/database.js';
import type { Alert, Prisma } from '@turnpike/db/generated/client.js';

export type AlertRow = Alert;

/** Any number that nobody else locks by: `alrt`. */
const SWEEP_LOCK = 0x616c7274;

/** One worker at a time decides what is an alert; false: another one is at it. Held until the transaction ends. */
export async function tryLockSweep(tx: Tx): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ got: boolean }[]>`SELECT pg_try_advisory_xact_lock(${SWEEP_LOCK}::bigint) AS got`;
  return row?.got === true;
}

/** Those that go on, and those that were seen once. */
export async function listUnresolved(tx: Tx): Promise<AlertRow[]> {
  return tx.alert.findMany({ where: { resolvedAt: null }, orderBy: { id: 'asc' } });
}

export async function insertAlerts(tx: Tx, rows: readonly Prisma.AlertCreateManyInput[]): Promise<void> {
  if (rows.length > 0) await tx.alert.createMany({ data: [...rows] });
}

/** What was seen of those that go on, in one statement. */
export async function noteSeen(
  tx: Tx,
  seen: readonly { id: string; value: number; threshold: number; params: object }[],
  at: Date,
): Promise<void> {
  if (seen.length === 0) return;
  await tx.$executeRaw`
    UPDATE alert a SET value = s.value, threshold = s.threshold, params = s.params, last_seen_at = ${at}, clear_since = NULL
    FROM jsonb_to_recordset(${JSON.stringify(seen)}::jsonb) AS s(id uuid, value float8, threshold float8, params jsonb)
    WHERE a.id = s.id`;
}

export async function changeAlerts(
  tx: Tx,
  ids: readonly string[],
  change: Pick<Prisma.AlertUpdateManyMutationInput, 'openedAt' | 'clearSince' | 'resolvedAt'>,
): Promise<void> {
  if (ids.length > 0) await tx.alert.updateMany({ where: { id: { in: [...ids] } }, data: change });
}

/** Seen once and not again: it was nothing. */
export async function forgetAlerts(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await tx.alert.deleteMany({ where: { id: { in: [...ids] }, openedAt: null } });
}

/** Opened, going on, taken over by nobody, and nobody was told; oldest first. */
export async function listUntoldOpenings(tx: Tx): Promise<AlertRow[]> {
  return tx.alert.findMany({
    where: { resolvedAt: null, openedAt: { not: null }, openingToldAt: null, acknowledgedAt: null },
    orderBy: { id: 'asc' },
  });
}

/** Sites all of whose routers are offline. */
export async function listSitesDown(tx: Tx): Promise<string[]> {
  const rows = await tx.alert.findMany({
    where: { kind: 'site_down', resolvedAt: null, openedAt: { not: null } },
    select: { subjectId: true },
  });
  return rows.map(({ subjectId }) => subjectId);
}

/** Over since then; somebody was told that they opened and nobody that they are over. */
export async function listUntoldEnds(tx: Tx, since: Date): Promise<AlertRow[]> {
  return tx.alert.findMany({
    where: { resolvedAt: { gt: since }, openingToldAt: { not: null }, endToldAt: null },
    orderBy: { id: 'asc' },
  });
}

/** How many were told of lately. */
export async function countToldSince(tx: Tx, what: 'openingToldAt' | 'endToldAt', since: Date): Promise<number> {
  return tx.alert.count({ where: { [what]: { gt: since } } });
}

export async function markTold(
  tx: Tx,
  ids: readonly string[],
  what: 'openingToldAt' | 'endToldAt',
  at: Date,
): Promise<void> {
  if (ids.length > 0) await tx.alert.updateMany({ where: { id: { in: [...ids] } }, data: { [what]: at } });
}

export interface AlertFilter {
  readonly state?: AlertState | undefined;
  readonly kind?: string | undefined;
  readonly severity?: AlertSeverity | undefined;
  readonly routerId?: string | undefined;
  /** Null: everything; else what is about these sites or the routers that stand there. */
  readonly sites: readonly string[] | null;
}

/** Newest first, one row more than `limit` when there are more. `after`: id of the last row of the page before. */
export async function listAlertRows(
  tx: Tx,
  filter: AlertFilter & { readonly after?: string | undefined; readonly limit: number },
): Promise<AlertRow[]> {
  const { after, limit } = filter;
  return tx.alert.findMany({
    where: { ...whereOf(filter), ...(after === undefined ? {} : { id: { lt: after } }) },
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
}

export async function countAlerts(tx: Tx, filter: AlertFilter): Promise<number> {
  return tx.alert.count({ where: whereOf(filter) });
}

export async function findAlertRow(tx: Tx, id: string): Promise<AlertRow | null> {
  return tx.alert.findFirst({ where: { id, openedAt: { not: null } } });
}

/** Undefined: it is over, or is not there. */
export async function acknowledgeRow(
  tx: Tx,
  id: string,
  change: { readonly by: string; readonly at: Date; readonly note: string | null },
): Promise<AlertRow | undefined> {
  const [row] = await tx.alert.updateManyAndReturn({
    where: { id, openedAt: { not: null }, resolvedAt: null },
    data: { acknowledgedAt: change.at, acknowledgedBy: change.by, note: change.note },
  });
  return row;
}

/** What is long over. Gives how many were removed. */
export async function removeAlertsBefore(tx: Tx, before: Date): Promise<number> {
  const { count } = await tx.alert.deleteMany({ where: { resolvedAt: { lt: before } } });
  return count;
}

function whereOf({ state, kind, severity, routerId, sites }: AlertFilter): Prisma.AlertWhereInput {
  return {
    openedAt: { not: null },
    ...(kind === undefined ? {} : { kind }),
    ...(severity === undefined ? {} : { severity }),
    ...(routerId === undefined ? {} : { routerId }),
    ...(state === undefined ? {} : whereState(state)),
    ...(sites === null ? {} : { OR: atSites(sites) }),
  };
}

function whereState(state: AlertState): Prisma.AlertWhereInput {
  if (state === 'resolved') return { resolvedAt: { not: null } };
  return { resolvedAt: null, acknowledgedAt: state === 'open' ? null : { not: null } };
}

function atSites(sites: readonly string[]): Prisma.AlertWhereInput[] {
  return [{ subjectKind: 'site', subjectId: { in: [...sites] } }, { router: { site: { in: [...sites] } } }];
}

/** Whether it is about one of the sites as a whole, or about a router that stands there. */
export async function isAlertAt(tx: Tx, id: string, sites: readonly string[]): Promise<boolean> {
  const at = { in: [...sites] };
  const where = { id, OR: [{ subjectKind: 'site', subjectId: at }, { router: { site: at } }] };
  return (await tx.alert.count({ where })) > 0;
}
