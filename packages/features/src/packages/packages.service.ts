import type { z } from 'zod';
import type { PackageBody, PackageView, updatePackage } from '@turnpike/contracts/packages.js';
import { AppError } from '@turnpike/core/app-error.js';
import { cursorId, toPage, type Page, type PageQuery } from '@turnpike/core/page.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import { isUniqueViolation } from '@turnpike/db/database-errors.js';
import type { Cache } from '@turnpike/runtime/cache.js';
import type { ChangeContext } from '@turnpike/runtime/http/change-context.js';
import { appendAudit } from '../audit/audit.store.js';
import { unknownRouters } from '../routers/known-routers.js';
import {
  deletePackageRow,
  findPackageRow,
  insertPackageRow,
  isPackageSold,
  keepPackage,
  listPackageRows,
  lockPackage,
  updatePackageRow,
  type PackageRow,
} from './package.store.js';
import { termColumns } from './sold-terms.js';
import { packageView } from './package.view.js';

type PackageChange = z.output<typeof updatePackage.body>;

export interface PackagesService {
  list(query: PageQuery & { active?: boolean | undefined }): Promise<Page<PackageView>>;
  get(id: string): Promise<PackageView>;
  create(body: PackageBody, context: ChangeContext): Promise<PackageView>;
  update(id: string, change: PackageChange, context: ChangeContext): Promise<PackageView>;
  remove(id: string, context: ChangeContext): Promise<void>;
  /** The row as it is sold now, not changed or deleted before `tx` has ended; refuses a package that is not on sale. */
  forSale(tx: Tx, id: string): Promise<PackageRow>;
}

const CACHE_TAG = 'packages';
const CACHE_TTL_MS = 30_000;

export function createPackagesService(deps: Pick<Database, 'db' | 'transact'> & { cache: Cache }): PackagesService {
  const { db, transact, cache } = deps;

  async function change<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    try {
      return await transact(work);
    } catch (error) {
      if (isUniqueViolation(error)) throw nameTaken();
      throw error;
    } finally {
      await cache.invalidateTags([CACHE_TAG]);
    }
  }

  return {
    list: (query) =>
      cache.getOrSet(
        `packages:list:${query.limit}:${query.cursor ?? ''}:${query.active ?? ''}`,
        { ttlMs: CACHE_TTL_MS, tags: [CACHE_TAG] },
        async () => {
          const after = cursorId(query.cursor);
          const rows = await listPackageRows(db, { active: query.active, after, limit: query.limit });
          return toPage(rows, query.limit, packageView);
        },
      ),

    get: (id) =>
      cache.getOrSet(`packages:${id}`, { ttlMs: CACHE_TTL_MS, tags: [CACHE_TAG] }, async () =>
        packageView(await existing(db, id)),
      ),

    create: (body, context) =>
      change(async (tx) => {
        const row = await insertPackageRow(tx, {
          ...termColumns(body),
          ...(await places(tx, body)),
        });
        await audit(tx, context, 'package.create', row.id, { name: row.name, priceMinor: row.priceMinor });
        return packageView(row);
      }),

    update: (id, input, context) =>
      change(async (tx) => {
        await lockPackage(tx, id);
        await existing(tx, id);
        const row = await updatePackageRow(tx, id, {
          ...termColumns(input),
          ...(await places(tx, input)),
        });
        await audit(tx, context, 'package.update', id, { fields: Object.keys(input) });
        return packageView(row);
      }),

    remove: (id, context) =>
      change(async (tx) => {
        await lockPackage(tx, id);
        const row = await existing(tx, id);
        if (await isPackageSold(tx, id)) {
          throw new AppError(
            'conflict',
            `${row.name} has been sold or put on vouchers, so it cannot be deleted: deactivate it with PATCH {"active": false}`,
          );
        }
        await deletePackageRow(tx, id);
        await audit(tx, context, 'package.delete', id, { name: row.name });
      }),

    forSale: async (tx, id) => {
      await keepPackage(tx, id);
      const row = await existing(tx, id);
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

/** Where it is valid, each site and router once. */
async function places(tx: Tx, { sites, routerIds }: Pick<PackageChange, 'sites' | 'routerIds'>) {
  const ids = routerIds?.map((id) => id.toLowerCase());
  const unknown = new Set(await unknownRouters(tx, ids ?? []));
  const issues = (ids ?? []).flatMap((id, index) =>
    unknown.has(id) ? [{ path: `routerIds.${index}`, message: `there is no router ${id}` }] : [],
  );
  if (issues.length > 0) {
    const detail = issues.map(({ path, message }) => `${path}: ${message}`).join('; ');
    throw new AppError('validation_failed', detail, { issues });
  }
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
  return new AppError('name_taken', 'another package has this name', {
    issues: [{ path: 'name', message: 'is taken' }],
  });
}
