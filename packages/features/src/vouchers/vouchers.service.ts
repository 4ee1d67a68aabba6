import type { EntitlementView } from '@turnpike/contracts/customers.js';
import type { NewVoucherBatch, VoucherBatchView, VoucherState, VoucherView } from '@turnpike/contracts/vouchers.js';
import { AppError, invalidField } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import { cursorId, toPage, type Page, type PageQuery } from '@turnpike/core/page.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import type { ChangeContext } from '@turnpike/runtime/http/change-context.js';
import { appendAudit } from '../audit/audit.store.js';
import { voucherHolders } from '../customers/voucher-customer.js';
import type { EntitlementsService } from '../entitlements/entitlements.service.js';
import { offerOf } from '../packages/offer.js';
import type { PackagesService } from '../packages/packages.service.js';
import { creditRevoked, type Credit } from './batch-credit.js';
import { makeBatch, type BatchOrder } from './make-batch.js';
import { countVouchers, findBatchRow, listBatchRows, lockBatch, type VoucherBatchRow } from './voucher-batch.store.js';
import { voucherBatchView } from './voucher-batch.view.js';
import { voucherUsername, type VoucherCodes } from './voucher-code.js';
import { findListedVoucher, listVoucherRows, type ListedVoucher } from './voucher-list.store.js';
import type { VoucherRedemption } from './voucher-redemption.js';
import { findBatchOf, lockVoucher, revokeOne, revokeUnused, type VoucherRow } from './voucher.store.js';
import { voucherView } from './voucher.view.js';

export interface BatchQuery extends PageQuery {
  readonly packageId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly number?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface VoucherQuery extends PageQuery {
  /** A code in any spelling. */
  readonly q?: string | undefined;
  readonly batchId?: string | undefined;
  readonly state?: VoucherState | undefined;
}

export interface VouchersService {
  /** Makes the codes: this answer is the only one that ever tells them. */
  createBatch(
    input: { packageId: string; count: number; expiresAt?: string | undefined },
    context: ChangeContext,
  ): Promise<NewVoucherBatch>;
  /** The same in a transaction of the caller, who writes the audit trail: for sales by agents. */
  makeBatch(tx: Tx, order: BatchOrder): Promise<NewVoucherBatch>;
  listBatches(query: BatchQuery): Promise<Page<VoucherBatchView>>;
  getBatch(id: string): Promise<VoucherBatchView>;
  /** Revokes the unused codes; gives how many, and what the agent who bought them got back for them. */
  revokeBatch(id: string, context: ChangeContext): Promise<{ revoked: number; credited?: Credit | undefined }>;
  list(query: VoucherQuery): Promise<Page<VoucherView>>;
  /** Throws `not_found`. */
  get(id: string): Promise<VoucherView>;
  /** An unused code; of a redeemed one only the access that it gave can be ended, when that is asked for. */
  revoke(id: string, input: { endAccess: boolean }, context: ChangeContext): Promise<VoucherView>;
  /** Gives the time of a code to a customer who has an account. */
  redeemFor(customerId: string, text: string, context: ChangeContext): Promise<EntitlementView>;
}

export interface VouchersDeps extends Pick<Database, 'db' | 'transact'> {
  readonly packages: Pick<PackagesService, 'forSale'>;
  readonly entitlements: Pick<EntitlementsService, 'refund' | 'list'>;
  readonly redemption: Pick<VoucherRedemption, 'redeemIn'>;
  readonly codes: VoucherCodes;
  readonly clock: Clock;
  /** Tells the outbox relay that there is work. */
  readonly wake: () => void;
}

export function createVouchersService(deps: VouchersDeps): VouchersService {
  const { db, transact, packages, entitlements, redemption, codes, clock, wake } = deps;

  async function viewsOf(rows: readonly ListedVoucher[]): Promise<(row: ListedVoucher) => VoucherView> {
    const ids = rows.flatMap(({ customerId }) => customerId ?? []);
    const holders = await voucherHolders(db, [...new Set(ids)]);
    const now = clock.now();
    return (row) => voucherView(row, holders.get(row.customerId ?? ''), now);
  }

  async function viewOf(id: string): Promise<VoucherView> {
    const row = existing(await findListedVoucher(db, id), noVoucher(id));
    return (await viewsOf([row]))(row);
  }

  async function batchViews(rows: readonly VoucherBatchRow[]): Promise<(row: VoucherBatchRow) => VoucherBatchView> {
    const ids = rows.map((row) => row.id);
    const counts = await countVouchers(db, ids, clock.now());
    return (row) => voucherBatchView(row, counts.get(row.id));
  }

  return {
    createBatch: ({ packageId, count, expiresAt }, context) =>
      transact(async (tx) => {
        const offer = offerOf(await packages.forSale(tx, packageId));
        const order = { offer, count, expiresAt: dateOf(expiresAt), createdBy: context.actor };
        const made = await makeBatch(tx, { codes, clock }, order);
        const details = { packageId, count, expiresAt: made.expiresAt };
        await audit(tx, context, 'vouchers.create', 'voucher_batch', made.id, details);
        return made;
      }),

    makeBatch: (tx, order) => makeBatch(tx, { codes, clock }, order),

    listBatches: async ({ limit, cursor, from, to, ...filter }) => {
      const range = { from: dateOf(from) ?? undefined, to: dateOf(to) ?? undefined };
      const rows = await listBatchRows(db, { ...filter, ...range }, cursorId(cursor), limit);
      return toPage(rows, limit, await batchViews(rows));
    },

    getBatch: async (id) => {
      const row = existing(await findBatchRow(db, id), noBatch(id));
      return (await batchViews([row]))(row);
    },

    revokeBatch: (id, context) =>
      transact(async (tx) => {
        const batch = existing(await lockBatch(tx, id), noBatch(id));
        const revoked = await revokeUnused(tx, id);
        const credited = await creditRevoked(tx, { batch, count: revoked, actor: context.actor });
        const details = { revoked, ...(credited === undefined ? {} : { credited: { ...credited } }) };
        await audit(tx, context, 'vouchers.revoke', 'voucher_batch', id, details);
        return { revoked, credited };
      }),

    list: async ({ q, batchId, state, limit, cursor }) => {
      const hashes = q === undefined ? undefined : codes.hashes(codeOf(q, 'query.q'));
      const rows = await listVoucherRows(db, { hashes, batchId, state, after: cursorId(cursor) }, limit, clock.now());
      return toPage(rows, limit, await viewsOf(rows));
    },

    get: viewOf,

    revoke: async (id, { endAccess }, context) => {
      const done = await transact((tx) => revokeIfUnused(tx, id, context));
      if (done.state === 'redeemed') await endRedeemed(done, endAccess, context);
      return viewOf(id);
    },

    redeemFor: async (customerId, text, context) => {
      const code = codeOf(text, 'code');
      const entitlementId = await transact(async (tx) => {
        const { redemption: answer, entitlementId } = await redemption.redeemIn(tx, code, { customerId });
        if (answer.kind !== 'redeemed' || answer.customerId !== customerId || entitlementId === null) {
          throw new AppError('conflict', WHY_NOT[answer.kind]);
        }
        await audit(tx, context, 'voucher.redeem', 'customer', customerId, { entitlementId });
        return entitlementId;
      });
      wake();
      const given = (await entitlements.list(customerId)).find(({ id }) => id === entitlementId);
      return existing(given, `there is no entitlement ${entitlementId} of this customer any more`);
    },
  };

  /** Gives it as it was before. */
  async function revokeIfUnused(tx: Tx, id: string, context: ChangeContext): Promise<VoucherRow> {
    const batchId = existing(await findBatchOf(tx, id), noVoucher(id));
    const batch = existing(await lockBatch(tx, batchId), noBatch(batchId));
    const row = existing(await lockVoucher(tx, id), noVoucher(id));
    if (row.state !== 'unused') return row;
    await revokeOne(tx, id);
    const credited = await creditRevoked(tx, { batch, count: 1, actor: context.actor });
    const details = { batchId, ...(credited === undefined ? {} : { credited: { ...credited } }) };
    await audit(tx, context, 'voucher.revoke', 'voucher', id, details);
    return row;
  }

  /** The code stays redeemed: what it gave is taken back. */
  async function endRedeemed(
    { codeHash, customerId, entitlementId }: VoucherRow,
    endAccess: boolean,
    context: ChangeContext,
  ): Promise<void> {
    if (!endAccess) {
      throw new AppError(
        'conflict',
        'this voucher is redeemed: send {"endAccess": true} to end the access it gave too',
      );
    }
    const holders = await voucherHolders(db, customerId === null ? [] : [customerId]);
    const holder = holders.get(customerId ?? '');
    if (entitlementId === null || holder?.username !== voucherUsername(codeHash)) {
      const whose = holder === undefined ? 'a customer who is gone' : `customer ${holder.username}`;
      throw new AppError(
        'conflict',
        `the time of this voucher was added to what ${whose} has: refund or suspend that entitlement instead`,
      );
    }
    await entitlements.refund(entitlementId, context);
  }

  function codeOf(text: string, path: string): string {
    const code = codes.parse(text);
    if (code === undefined) {
      throw invalidField(path, 'is no voucher code: compare each of its twelve letters and digits with the card');
    }
    return code;
  }
}

const WHY_NOT = {
  redeemed: 'this voucher has been used: its time is with another customer; give a new one',
  used: 'this voucher has been used: its time is with another customer; give a new one',
  unknown: 'there is no voucher with this code: compare it with the card',
  revoked: 'this voucher was revoked: give a new one',
  expired: 'this voucher has expired: give a new one',
} as const;

function dateOf(text: string | undefined): Date | null {
  return text === undefined ? null : new Date(text);
}

function existing<Row>(row: Row | undefined, complaint: string): Row {
  if (row === undefined) throw new AppError('not_found', complaint);
  return row;
}

function noVoucher(id: string): string {
  return `there is no voucher ${id}`;
}

function noBatch(id: string): string {
  return `there is no batch of vouchers ${id}`;
}

function audit(
  tx: Tx,
  context: ChangeContext,
  action: string,
  subjectType: 'voucher' | 'voucher_batch' | 'customer',
  subjectId: string,
  details: Record<string, unknown>,
): Promise<void> {
  return appendAudit(tx, { ...context, action, subjectType, subjectId, details });
}
