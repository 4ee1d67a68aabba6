import type { z } from 'zod';
import { burstIssues } from '@turnpike/contracts/package-terms.js';
import type {
  PackageBody,
  PackageView,
  RadiusPreview,
  updatePackage,
  Visibility,
} from '@turnpike/contracts/packages.js';
import { AppError, type FieldIssue } from '@turnpike/core/app-error.js';
import { cursorId, toPage, type Page, type PageQuery } from '@turnpike/core/page.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import { isUniqueViolation } from '@turnpike/db/database-errors.js';
import type { Cache } from '@turnpike/runtime/cache.js';
import type { ChangeContext } from '@turnpike/runtime/http/change-context.js';
import { CACHED_MS } from '../caching/cached-reads.js';
import { appendAudit } from '../audit/audit.store.js';
import { beforeAndAfter } from '../audit/before-and-after.js';
import { routerIdsAt, unknownRouters } from '../routers/known-routers.js';
import { copyNames } from './copy-names.js';
import { isOffered, offerOf, type Offer, type OfferedTo } from './offer.js';
import {
  deletePackageRow,
  findPackageRow,
  insertPackageRow,
  isPackageSold,
  keepPackage,
  listPackageRows,
  lockPackage,
  takenNames,
  updatePackageRow,
  type PackageRow,
} from './package.store.js';
import { PACKAGES_TAG } from './public-packages.js';
import { radiusPreview, type PreviewPolicy } from './radius-preview.js';
import { termColumns, termsOf } from './sold-terms.js';
import { packageView } from './package.view.js';

type PackageChange = z.output<typeof updatePackage.body>;

export interface PackageQuery extends PageQuery {
  readonly active?: boolean | undefined;
  /** Default false: only those in use. */
  readonly archived?: boolean | undefined;
  readonly visibility?: Visibility | undefined;
  readonly q?: string | undefined;
  /** Of who asks: only what is valid somewhere there; null and undefined: all. */
  readonly sites?: readonly string[] | null | undefined;
}

export interface PackagesService {
  list(query: PackageQuery): Promise<Page<PackageView>>;
  get(id: string): Promise<PackageView>;
  create(body: PackageBody, context: ChangeContext): Promise<PackageView>;
  update(id: string, change: PackageChange, context: ChangeContext): Promise<PackageView>;
  remove(id: string, context: ChangeContext): Promise<void>;
  /** A package with the same terms that is not on sale yet. */
  duplicate(id: string, input: { name?: string | undefined }, context: ChangeContext): Promise<PackageView>;
  /** On sale or not; what was sold goes on. */
  setActive(id: string, active: boolean, context: ChangeContext): Promise<PackageView>;
  /** Out of use for good and out of the lists; what was sold goes on. Again has no effect. */
  archive(id: string, context: ChangeContext): Promise<PackageView>;
  /** What RADIUS would tell a router of somebody who has just bought it. */
  radiusPreview(id: string): Promise<RadiusPreview>;
  /**
   * The package as it is sold to these now; it is not changed or deleted before `tx` has ended. `not_found` when it is not
   * sold to them, whatever the reason: strangers learn nothing of packages that are not for them.
   */
  offer(tx: Tx, id: string, to: OfferedTo): Promise<Offer>;
  /** The row as it is sold now, not changed or deleted before `tx` has ended; refuses a package that is not on sale. */
  forSale(tx: Tx, id: string): Promise<PackageRow>;
}

export interface PackagesDeps extends Pick<Database, 'db' | 'transact'> {
  readonly cache: Cache;
  /** What RADIUS tells every router, for previews. Default: what it does unless it is configured. */
  readonly radiusPolicy?: PreviewPolicy | undefined;
}

export function createPackagesService(deps: PackagesDeps): PackagesService {
  const { db, transact, cache } = deps;

  async function change<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    try {
      return await transact(work);
    } catch (error) {
      if (isUniqueViolation(error)) throw nameTaken();
      throw error;
    } finally {
      await cache.invalidateTags([PACKAGES_TAG]);
    }
  }

  return {
    list: async ({ limit, cursor, q, sites = null, ...rest }) => {
      const filter = sites === null ? rest : { ...rest, validAt: { sites, routerIds: await routerIdsAt(db, sites) } };
      const text = q?.trim();
      const search = text === undefined || text === '' ? filter : { ...filter, text };
      const read = async () =>
        toPage(await listPackageRows(db, { ...search, after: cursorId(cursor), limit }), limit, packageView);
      // What people type is not worth keeping, nor what few ask for.
      if ('text' in search || sites !== null) return read();
      const { active = '', archived = '', visibility = '' } = rest;
      const key = `packages:list:${limit}:${cursor ?? ''}:${active}:${archived}:${visibility}`;
      return cache.getOrSet(key, { ttlMs: CACHED_MS.packages, tags: [PACKAGES_TAG] }, read);
    },

    get: (id) =>
      cache.getOrSet(`packages:${id}`, { ttlMs: CACHED_MS.packages, tags: [PACKAGES_TAG] }, async () =>
        packageView(await existing(db, id)),
      ),

    create: (body, context) =>
      change(async (tx) => {
        refuseBurst({ ...body, burst: body.burst ?? null });
        const row = await insertPackageRow(tx, {
          ...termColumns(body),
          ...(await places(tx, body)),
        });
        await audit(tx, context, 'package.create', row.id, { name: row.name, priceMinor: row.priceMinor });
        return packageView(row);
      }),

    update: (id, input, context) =>
      change(async (tx) => {
        const old = await lockedInUse(tx, id);
        const before = termsOf(old);
        const { burst = before.burst, downKbps = before.downKbps, upKbps = before.upKbps } = input;
        refuseBurst({ burst, downKbps, upKbps });
        const row = await updatePackageRow(tx, id, {
          ...termColumns(input),
          ...(await places(tx, input)),
        });
        await audit(tx, context, 'package.update', id, beforeAndAfter(packageView(old), packageView(row)));
        return packageView(row);
      }),

    remove: (id, context) =>
      change(async (tx) => {
        await lockPackage(tx, id);
        const row = await existing(tx, id);
        if (await isPackageSold(tx, id)) {
          throw new AppError(
            'conflict',
            `${row.name} has been sold or put on vouchers, so it cannot be deleted: archive it with POST /packages/${id}/archive, or take it off sale with POST /packages/${id}/deactivate`,
          );
        }
        await deletePackageRow(tx, id);
        await audit(tx, context, 'package.delete', id, { name: row.name });
      }),

    duplicate: (id, { name }, context) =>
      change(async (tx) => {
        const {
          id: _id,
          createdAt: _created,
          updatedAt: _updated,
          archivedAt: _archived,
          ...row
        } = await existing(tx, id);
        const copy = await insertPackageRow(tx, {
          ...termColumns({ ...row, ...termsOf(row) }),
          name: name ?? (await freeName(tx, row.name)),
          active: false,
        });
        await audit(tx, context, 'package.create', copy.id, { name: copy.name, copyOf: id });
        return packageView(copy);
      }),

    setActive: (id, active, context) =>
      change(async (tx) => {
        const { active: before } = await lockedInUse(tx, id);
        const row = await updatePackageRow(tx, id, { active });
        if (before !== active) await audit(tx, context, active ? 'package.activate' : 'package.deactivate', id, {});
        return packageView(row);
      }),

    archive: (id, context) =>
      change(async (tx) => {
        await lockPackage(tx, id);
        const row = await existing(tx, id);
        if (row.archivedAt !== null) return packageView(row);
        const archived = await updatePackageRow(tx, id, { archivedAt: new Date(), active: false });
        await audit(tx, context, 'package.archive', id, { name: row.name });
        return packageView(archived);
      }),

    radiusPreview: async (id) => radiusPreview(await existing(db, id), deps.radiusPolicy),

    offer: async (tx, id, to) => {
      await keepPackage(tx, id);
      const row = await findPackageRow(tx, id);
      if (row === null || !isOffered(row, to)) throw new AppError('not_found', `no package ${id} is on sale here`);
      return offerOf(row);
    },

    forSale: async (tx, id) => {
      await keepPackage(tx, id);
      const row = await existing(tx, id);
      refuseArchived(row);
      if (!row.active) throw new AppError('conflict', `${row.name} is not on sale: activate it first`);
      return row;
    },
  };
}

async function existing(tx: Tx, id: string): Promise<PackageRow> {
  const row = await findPackageRow(tx, id);
  if (row === null) throw new AppError('not_found', `there is no package ${id}`);
  return row;
}

/** For a change: nobody else changes it before the transaction ends. */
async function lockedInUse(tx: Tx, id: string): Promise<PackageRow> {
  await lockPackage(tx, id);
  const row = await existing(tx, id);
  refuseArchived(row);
  return row;
}

function refuseArchived({ id, name, archivedAt }: PackageRow): void {
  if (archivedAt === null) return;
  throw new AppError(
    'conflict',
    `${name} is archived and stays as it is: make a new one with POST /packages/${id}/duplicate`,
  );
}

async function freeName(tx: Tx, name: string): Promise<string> {
  const candidates = copyNames(name);
  const taken = await takenNames(tx, candidates);
  const free = candidates.find((candidate) => !taken.has(candidate));
  if (free === undefined)
    throw new AppError('conflict', `there are many copies of ${name} already: give the new one a name`);
  return free;
}

function refuseBurst(terms: Parameters<typeof burstIssues>[0]): void {
  const issues = burstIssues(terms);
  if (issues.length > 0) throw invalid(issues);
}

function invalid(issues: readonly FieldIssue[]): AppError {
  const detail = issues.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return new AppError('validation_failed', detail, { issues });
}

/** Where it is valid, each site and router once. */
async function places(tx: Tx, { sites, routerIds }: Pick<PackageChange, 'sites' | 'routerIds'>) {
  const ids = routerIds?.map((id) => id.toLowerCase());
  const unknown = new Set(await unknownRouters(tx, ids ?? []));
  const issues = (ids ?? []).flatMap((id, index) =>
    unknown.has(id) ? [{ path: `routerIds.${index}`, message: `there is no router ${id}` }] : [],
  );
  if (issues.length > 0) throw invalid(issues);
  return {
    ...(sites === undefined ? {} : { sites: [...new Set(sites)] }),
    ...(ids === undefined ? {} : { routerIds: [...new Set(ids)] }),
  };
}

async function audit(
  tx: Tx,
  context: ChangeContext,
  action: string,
  id: string,
  details: Record<string, unknown>,
): Promise<void> {
  await appendAudit(tx, { ...context, action, subjectType: 'package', subjectId: id, details });
}

function nameTaken(): AppError {
  return new AppError('name_taken', 'another package has this name; archived packages keep theirs', {
    issues: [{ path: 'name', message: 'is taken' }],
  });
}
