import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type {
  CreateRouterBody,
  RouterDetailsView,
  RouterStatusView,
  RouterView,
  updateRouter,
} from '@turnpike/contracts/routers.js';
import { AppError } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import { cursorId, toPage, type Page, type PageQuery } from '@turnpike/core/page.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import { hashToken, randomReadable } from '@turnpike/core/tokens.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import { isUniqueViolation } from '@turnpike/db/database-errors.js';
import { addToOutbox } from '@turnpike/db/outbox.store.js';
import type { Cache } from '@turnpike/runtime/cache.js';
import type { ChangeContext } from '@turnpike/runtime/http/change-context.js';
import { CACHED_MS } from '../caching/cached-reads.js';
import { appendAudit } from '../audit/audit.store.js';
import { beforeAndAfter } from '../audit/before-and-after.js';
import { bootstrapScript } from './bootstrap-script.js';
import { leaseHolder } from './router-lease.js';
import { openApiPassword } from './router-dialer.js';
import {
  countOpenSessions,
  countOpenSessionsOf,
  findRouterByBootstrapToken,
  findRouterRow,
  findWatchedRouter,
  insertRouterRow,
  listRouterRows,
  lockRouter,
  redeemBootstrapToken,
  retireRouterRow,
  updateRouterRow,
  type RouterRow,
} from './router.store.js';
import { routerDetailsView, routerStatusView, routerView } from './router.view.js';

type RouterChange = z.output<typeof updateRouter.body>;

export interface RoutersService {
  list(
    query: PageQuery & {
      status?: RouterRow['status'] | undefined;
      q?: string | undefined;
      site?: string | undefined;
      /** Of who asks: only routers at these; null: all. */
      sites?: readonly string[] | null | undefined;
      deployment?: RouterRow['deployment'] | undefined;
      version?: string | undefined;
      sort?: 'newest' | 'name' | undefined;
    },
  ): Promise<Page<RouterView>>;
  get(id: string): Promise<RouterDetailsView>;
  status(id: string): Promise<RouterStatusView>;
  create(body: CreateRouterBody, context: ChangeContext): Promise<RouterView & { bootstrapScript: string }>;
  update(id: string, change: RouterChange, context: ChangeContext): Promise<RouterDetailsView>;
  remove(id: string, context: ChangeContext): Promise<void>;
  bootstrapScript(id: string): Promise<string>;
  /** A router that ran its bootstrap script reports from `source`; the token works once. */
  callHome(token: string, source: string, requestId: string): Promise<void>;
}

export interface RoutersDeps extends Pick<Database, 'db' | 'transact'> {
  readonly cache: Cache;
  readonly secretBox: SecretBox;
  /** Where routers reach the API, for example `https://turnpike.example.net`. */
  readonly publicUrl: string;
  readonly clock: Clock;
  readonly wake: () => void;
  /** Tells the RADIUS processes that a NAS was added, changed or removed. */
  readonly announceNasChange: () => Promise<void>;
}

export const ROUTERS_CACHE_TAG = 'routers';
const SECRET_LENGTH = 32;
const API_PORT = 8728;
const API_SSL_PORT = 8729;
/** Changes after which an earlier failure to log in says nothing. */
const REDIAL = ['address', 'apiPort', 'apiUsername', 'apiPassword', 'tls', 'tlsFingerprint'] as const;

export function createRoutersService(deps: RoutersDeps): RoutersService {
  const { db, cache, secretBox } = deps;

  async function change<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    try {
      const result = await deps.transact(work);
      deps.wake();
      await deps.announceNasChange();
      return result;
    } catch (error) {
      if (isUniqueViolation(error)) throw taken('name', 'another router has this name');
      throw error;
    } finally {
      await cache.invalidateTags([ROUTERS_CACHE_TAG]);
    }
  }

  return {
    list: (query) =>
      cache.getOrSet(
        `routers:list:${JSON.stringify(Object.entries(query).sort())}`,
        { ttlMs: CACHED_MS.routers, tags: [ROUTERS_CACHE_TAG] },
        async () => {
          const { q: name, cursor, ...filter } = query;
          const { limit } = filter;
          const rows = await listRouterRows(db, { ...filter, name, after: cursorId(cursor) });
          const online = await countOpenSessionsOf(
            db,
            rows.slice(0, limit).map(({ id }) => id),
          );
          const now = deps.clock.now();
          return toPage(rows, limit, (row) => routerView(row, online.get(row.id) ?? 0, now));
        },
      ),

    get: (id) =>
      cache.getOrSet(`routers:${id}`, { ttlMs: CACHED_MS.routers, tags: [ROUTERS_CACHE_TAG] }, async () => {
        const [row, openSessions] = await Promise.all([findWatchedRouter(db, id), countOpenSessions(db, id)]);
        if (row === null) throw notFound(id);
        return routerDetailsView(row, openSessions, deps.clock.now());
      }),

    status: async (id) => routerStatusView(await existing(db, id)),

    create: (body, context) =>
      change(async (tx) => {
        const row = await insertRouterRow(tx, newRouter(body));
        if (row.address !== null) await addToOutbox(tx, 'router.probe', { routerId: row.id });
        await audit(tx, context, 'router.create', row, { name: row.name, address: row.address });
        const view = routerView({ ...row, nasActivity: null }, 0, deps.clock.now());
        return { ...view, bootstrapScript: scriptFor(row) };
      }),

    update: (id, input, context) =>
      change(async (tx) => {
        await lockRouter(tx, id);
        const before = await existing(tx, id);
        await updateRouterRow(tx, id, changedColumns(before, input));
        const row = await findWatchedRouter(tx, id);
        if (row === null) throw notFound(id);
        if (row.address !== null) await addToOutbox(tx, 'router.probe', { routerId: id });
        await audit(tx, context, 'router.update', before, changesOf(before, row, input));
        return routerDetailsView(row, await countOpenSessions(tx, id), deps.clock.now());
      }),

    remove: (id, context) =>
      change(async (tx) => {
        await lockRouter(tx, id);
        const row = await existing(tx, id);
        if ((await leaseHolder(tx, id)) !== undefined) {
          throw new AppError('router_busy', `a provisioning run holds ${row.name}: wait until it has ended`);
        }
        await retireRouterRow(tx, row, deps.clock.now());
        await audit(tx, context, 'router.delete', row, { name: row.name });
      }),

    bootstrapScript: async (id) => scriptFor(await existing(db, id)),

    callHome: async (token, source, requestId) => {
      const tokenHash = hashToken(token);
      // Anybody may call: guesses cost one look-up and no transaction.
      const row = await findRouterByBootstrapToken(db, tokenHash);
      if (row === null) throw unknownToken();
      const address = source.replace(/^::ffff:(?=\d+\.)/i, '');
      const found = { address, nasAddress: row.nasAddress ?? address, tls: true, apiPort: API_SSL_PORT };
      await change(async (tx) => {
        if (!(await redeemBootstrapToken(tx, row.id, tokenHash, found))) throw unknownToken();
        await addToOutbox(tx, 'router.probe', { routerId: row.id });
        await audit(tx, { actor: 'system', requestId }, 'router.call-home', row, { address });
      });
    },
  };

  function newRouter(body: CreateRouterBody) {
    const id = uuidv7();
    const tls = body.tls ?? false;
    const password = body.apiPassword ?? randomReadable(SECRET_LENGTH);
    return {
      id,
      name: body.name,
      address: body.address ?? null,
      apiPort: body.apiPort ?? usualPort(tls),
      apiUsername: body.apiUsername ?? 'turnpike',
      apiPassword: secretBox.seal(password, { table: 'router', row: id, column: 'api_password' }),
      tls,
      tlsFingerprint: body.tlsFingerprint ?? null,
      nasAddress: body.nasAddress ?? null,
      site: body.site ?? null,
      messageAuthenticator: body.messageAuthenticator ?? 'required',
      radiusRateLimit: body.radiusRateLimit ?? null,
      radiusSecret: secretBox.seal(randomReadable(SECRET_LENGTH), {
        table: 'router',
        row: id,
        column: 'radius_secret',
      }),
      bootstrapTokenHash: body.address === undefined ? hashToken(bootstrapToken(id)) : null,
    };
  }

  function changedColumns(before: RouterRow, input: RouterChange) {
    const { apiPassword, ...plain } = input;
    const place = { table: 'router', row: before.id, column: 'api_password' };
    const tls = input.tls ?? before.tls;
    return {
      ...plain,
      // A port that only followed from having TLS or not follows it again.
      ...(input.apiPort === undefined && before.apiPort === usualPort(before.tls) ? { apiPort: usualPort(tls) } : {}),
      ...(apiPassword === undefined ? {} : { apiPassword: secretBox.seal(apiPassword, place) }),
      // The script need not call home any more, and a copy of it that is still about must not move the router.
      ...(input.address === undefined ? {} : { bootstrapTokenHash: null }),
      ...(REDIAL.some((field) => input[field] !== undefined) ? { loginFailures: 0, lastError: null } : {}),
    };
  }

  /** Made from the id by our key, so that showing the script again needs nothing stored. */
  function bootstrapToken(id: string): string {
    return secretBox.fingerprint(`router bootstrap ${id}`);
  }

  function scriptFor(row: RouterRow): string {
    return bootstrapScript({
      routerId: row.id,
      apiUsername: row.apiUsername,
      apiPassword: openApiPassword(secretBox, row),
      callHomeUrl:
        row.bootstrapTokenHash === null ? null : `${deps.publicUrl}/api/v1/bootstrap/${bootstrapToken(row.id)}`,
    });
  }
}

function usualPort(tls: boolean): number {
  return tls ? API_SSL_PORT : API_PORT;
}

function unknownToken(): AppError {
  return new AppError('not_found', 'this bootstrap token is not known or was used');
}

async function existing(tx: Tx, id: string): Promise<RouterRow> {
  const row = await findRouterRow(tx, id);
  if (row === null) throw notFound(id);
  return row;
}

function notFound(id: string): AppError {
  return new AppError('not_found', `there is no router ${id}`);
}

function taken(path: string, detail: string): AppError {
  return new AppError('name_taken', detail, { issues: [{ path, message: 'is taken' }] });
}

/** What was changed, as it was and as it is; of the password only that it was. */
function changesOf(before: RouterRow, after: RouterRow, { apiPassword }: RouterChange): Record<string, unknown> {
  const told = (row: RouterRow) => ({
    name: row.name,
    address: row.address,
    apiPort: row.apiPort,
    apiUsername: row.apiUsername,
    tls: row.tls,
    tlsFingerprint: row.tlsFingerprint,
    nasAddress: row.nasAddress,
    site: row.site,
    messageAuthenticator: row.messageAuthenticator,
    radiusRateLimit: row.radiusRateLimit,
  });
  const password = apiPassword === undefined ? {} : { apiPasswordChanged: true };
  return { ...beforeAndAfter(told(before), told(after)), ...password };
}

async function audit(
  tx: Tx,
  context: ChangeContext,
  action: string,
  row: RouterRow,
  details: Record<string, unknown>,
): Promise<void> {
  await appendAudit(tx, { ...context, action, subjectType: 'router', subjectId: row.id, details });
}
