import type { NewVoucherBatch, VoucherBatchView } from '@turnpike/contracts/vouchers.js';
import { AppError, invalidField } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import { cursorId, toPage, type Page, type PageQuery } from '@turnpike/core/page.js';
import type { Database } from '@turnpike/db/database.js';
import type { ChangeContext } from '@turnpike/runtime/http/change-context.js';
import { appendAudit } from '../audit/audit.store.js';
import type { PackagesService } from '../packages/packages.service.js';
import { termsOf } from '../packages/sold-terms.js';
import { batchExists, countVouchers, insertBatchRow, listBatchRows } from './voucher-batch.store.js';
import { voucherBatchView } from './voucher-batch.view.js';
import type { VoucherCodes } from './voucher-code.js';
import { insertVouchers, revokeUnused } from './voucher.store.js';

export interface VouchersService {
  /** Makes the codes: this answer is the only one that ever tells them. */
  createBatch(
    input: { packageId: string; count: number; expiresAt?: string | undefined },
    context: ChangeContext,
  ): Promise<NewVoucherBatch>;
  listBatches(query: PageQuery): Promise<Page<VoucherBatchView>>;
  /** Revokes the unused codes; gives how many. */
  revokeBatch(id: string, context: ChangeContext): Promise<{ revoked: number }>;
}

export interface VouchersDeps extends Pick<Database, 'db' | 'transact'> {
  readonly packages: Pick<PackagesService, 'forSale'>;
  readonly codes: VoucherCodes;
  readonly clock: Clock;
}

export function createVouchersService({ db, transact, packages, codes, clock }: VouchersDeps): VouchersService {
  return {
    createBatch: async ({ packageId, count, expiresAt: until }, context) => {
      const expiresAt = until === undefined ? null : new Date(until);
      if (expiresAt !== null && expiresAt <= clock.now()) {
        throw invalidField('expiresAt', 'must be in the future; leave it out for codes that never expire');
      }
      return transact(async (tx) => {
        const sold = await packages.forSale(tx, packageId);
        const { name: packageName, validForSeconds } = sold;
        const terms = { packageName, validForSeconds, terms: termsOf(sold) };
        const made = newCodes(codes, count);
        const batch = await insertBatchRow(tx, { packageId, count, createdBy: context.actor, terms });
        const hashes = made.map((code) => codes.hash(code));
        // One in 10^16 was made before: then the whole batch is made anew, by whoever asks again.
        if ((await insertVouchers(tx, batch.id, hashes, expiresAt)) < count) {
          throw new AppError('unavailable', 'a code was made twice: nothing was made, ask again');
        }
        const details = { packageId, count, expiresAt: expiresAt?.toISOString() ?? null };
        await audit(tx, context, 'vouchers.create', batch.id, details);
        return {
          id: batch.id,
          packageId,
          count,
          expiresAt: details.expiresAt,
          createdAt: batch.createdAt.toISOString(),
          codes: made,
        };
      });
    },

    listBatches: async ({ limit, cursor }) => {
      const rows = await listBatchRows(db, cursorId(cursor), limit);
      const counts = await countVouchers(
        db,
        rows.map((row) => row.id),
        clock.now(),
      );
      return toPage(rows, limit, (row) => voucherBatchView(row, counts.get(row.id)));
    },

    revokeBatch: (id, context) =>
      transact(async (tx) => {
        if (!(await batchExists(tx, id))) throw new AppError('not_found', `there is no batch of vouchers ${id}`);
        const revoked = await revokeUnused(tx, id);
        await audit(tx, context, 'vouchers.revoke', id, { revoked });
        return { revoked };
      }),
  };
}

function newCodes(codes: VoucherCodes, count: number): string[] {
  const made = new Set<string>();
  while (made.size < count) made.add(codes.generate());
  return [...made];
}

function audit(
  tx: Parameters<typeof appendAudit>[0],
  context: ChangeContext,
  action: string,
  id: string,
  details: Record<string, unknown>,
): Promise<void> {
  return appendAudit(tx, { ...context, action, subjectType: 'voucher_batch', subjectId: id, details });
}
