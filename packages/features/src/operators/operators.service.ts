import { AppError, invalidField } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import { cursorId, toPage, type Page, type PageQuery } from '@turnpike/core/page.js';
import type { OperatorView } from '@turnpike/contracts/auth.js';
import type { Role } from '@turnpike/contracts/permissions.js';
import type { Db, Transact, Tx } from '@turnpike/db/database.js';
import { isUniqueViolation } from '@turnpike/db/database-errors.js';
import type { Actor } from '@turnpike/runtime/http/actor.js';
import { appendAudit } from '../audit/audit.store.js';
import { beforeAndAfter } from '../audit/before-and-after.js';
import { revokeTokensOf } from './auth-token.store.js';
import {
  findOperator,
  insertOperator,
  listOperatorRows,
  lockActiveOwners,
  operatorNames,
  updateOperatorRow,
  type OperatorPlaces,
  type OperatorRow,
} from './operator.store.js';
import { toOperatorView } from './operator.view.js';
import type { PasswordHasher } from './passwords.js';

export interface NewOperator {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly password: string;
  /** Null: everything everywhere. */
  readonly sites: readonly string[] | null;
}

export interface OperatorPatch {
  readonly name?: string | undefined;
  readonly role?: Role | undefined;
  readonly password?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly sites?: readonly string[] | null | undefined;
}

export interface OperatorsService {
  /** Throws `not_found`. */
  get(id: string): Promise<OperatorView>;
  /** Throws `validation_failed` for a cursor that is not ours. */
  list(page: PageQuery): Promise<Page<OperatorView>>;
  /** Names by id; who is unknown is left out. */
  namesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Throws `name_taken`, and `validation_failed` for an owner or agent limited to sites. */
  create(input: NewOperator, by: Actor, requestId: string): Promise<OperatorView>;
  /** Throws `not_found`, `validation_failed` as above, and `conflict` when nobody would be left to manage operators. */
  update(id: string, patch: OperatorPatch, by: Actor, requestId: string): Promise<OperatorView>;
}

interface Deps {
  readonly db: Db;
  readonly transact: Transact;
  readonly clock: Clock;
  readonly hasher: PasswordHasher;
}

export function createOperatorsService(deps: Deps): OperatorsService {
  const { db } = deps;
  return {
    get: async (id) => toOperatorView(found(await findOperator(db, id))),
    list: async ({ limit, cursor }) =>
      toPage(await listOperatorRows(db, limit + 1, cursorId(cursor)), limit, toOperatorView),
    namesOf: (ids) => operatorNames(db, ids),
    create: (input, by, requestId) => create(deps, input, by, requestId),
    update: (id, patch, by, requestId) => update(deps, { id, patch, by, requestId }),
  };
}

async function create(deps: Deps, input: NewOperator, by: Actor, requestId: string): Promise<OperatorView> {
  const { email, name, role, sites } = input;
  refuseLimit(role, sites);
  const passwordHash = await deps.hasher.hash(input.password);
  try {
    return await deps.transact(async (tx) => {
      const row = await insertOperator(tx, { email, name, role, passwordHash, ...placesOf(sites) });
      await appendAudit(tx, {
        actor: by.id,
        action: 'operator.created',
        subjectType: 'operator',
        subjectId: row.id,
        requestId,
        details: { after: { email, name, role, sites } },
      });
      return toOperatorView(row);
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError('name_taken', 'an operator with this e-mail address exists', {
      cause: error,
      issues: [{ path: 'email', message: 'is taken' }],
    });
  }
}

interface Update {
  readonly id: string;
  readonly patch: OperatorPatch;
  readonly by: Actor;
  readonly requestId: string;
}

async function update(deps: Deps, { id, patch, by, requestId }: Update): Promise<OperatorView> {
  // Computed outside the transaction: it takes tens of milliseconds, and locks would be held all the while.
  const passwordHash = patch.password === undefined ? undefined : await deps.hasher.hash(patch.password);
  return deps.transact(async (tx) => {
    const owners = await lockActiveOwners(tx);
    const before = found(await findOperator(tx, id));
    refuseLosingLastOwner(owners, before, patch);
    refuseLimit(patch.role ?? before.role, patch.sites === undefined ? sitesOf(before) : patch.sites);
    const now = deps.clock.now();
    const row = await updateOperatorRow(tx, id, {
      ...(patch.name === undefined ? {} : { name: patch.name }),
      ...(patch.role === undefined ? {} : { role: patch.role }),
      ...(passwordHash === undefined ? {} : { passwordHash }),
      ...(patch.sites === undefined ? {} : placesOf(patch.sites)),
      ...disabledChange(patch, before, now),
    });
    const tokensRevoked = await revokeAfter(tx, { patch, id, keep: by.tokenId, now });
    await appendAudit(tx, {
      actor: by.id,
      action: 'operator.updated',
      subjectType: 'operator',
      subjectId: id,
      requestId,
      details: {
        ...changesOf(before, row),
        ...(passwordHash === undefined ? {} : { passwordChanged: true }),
        tokensRevoked,
      },
    });
    return toOperatorView(row);
  });
}

function disabledChange(patch: OperatorPatch, before: OperatorRow, now: Date): { disabledAt?: Date | null } {
  if (patch.disabled === undefined) return {};
  return { disabledAt: patch.disabled ? (before.disabledAt ?? now) : null };
}

function refuseLosingLastOwner(owners: readonly string[], target: OperatorRow, patch: OperatorPatch): void {
  const steps = patch.disabled === true || (patch.role !== undefined && patch.role !== 'owner');
  if (steps && owners.length === 1 && owners[0] === target.id) {
    throw new AppError('conflict', 'this is the last owner: make another operator owner first');
  }
}

/**
 * A disabled operator loses every token. A new password ends the sessions opened with the old one, except the session that
 * sets it; API tokens were handed out one by one and are revoked one by one.
 */
async function revokeAfter(
  tx: Tx,
  { patch, id, keep, now }: { patch: OperatorPatch; id: string; keep: string; now: Date },
): Promise<number> {
  if (patch.disabled === true) return revokeTokensOf(tx, { operatorId: id }, now);
  if (patch.password === undefined) return 0;
  return revokeTokensOf(tx, { operatorId: id, kind: 'session', except: keep }, now);
}

/** An owner manages the whole network, and an agent sells from a wallet that knows no sites. */
function refuseLimit(role: Role, sites: readonly string[] | null): void {
  if (sites === null || (role !== 'owner' && role !== 'agent')) return;
  throw invalidField('sites', `an ${role} cannot be limited to sites: choose another role, or send null`);
}

function placesOf(sites: readonly string[] | null): OperatorPlaces {
  return sites === null ? { allSites: true, sites: [] } : { allSites: false, sites: [...new Set(sites)] };
}

function sitesOf({ allSites, sites }: OperatorPlaces): readonly string[] | null {
  return allSites ? null : sites;
}

/** What was changed, as it was and as it is. */
function changesOf(before: OperatorRow, after: OperatorRow) {
  const told = (row: OperatorRow) => ({
    name: row.name,
    role: row.role,
    sites: sitesOf(row),
    disabled: row.disabledAt !== null,
  });
  return beforeAndAfter(told(before), told(after));
}

function found(row: OperatorRow | null): OperatorRow {
  if (row === null) throw new AppError('not_found', 'there is no such operator');
  return row;
}
