import type { Tx } from '@turnpike/db/database.js';
import type { Voucher } from '@turnpike/db/generated/client.js';
import { v7 as uuidv7 } from 'uuid';
import { voucherTerms, type VoucherOffer } from './voucher-terms.js';

export type VoucherRow = Pick<
  Voucher,
  'id' | 'batchId' | 'codeHash' | 'state' | 'expiresAt' | 'customerId' | 'entitlementId'
>;

const columns = {
  id: true,
  batchId: true,
  codeHash: true,
  state: true,
  expiresAt: true,
  customerId: true,
  entitlementId: true,
} as const;

/** `hashes`: of one code under every key. */
export async function findVoucher(tx: Tx, hashes: readonly string[]): Promise<VoucherRow | undefined> {
  const row = await tx.voucher.findFirst({ where: { codeHash: { in: [...hashes] } }, select: columns });
  return row ?? undefined;
}

/** Which batch it is of; that never changes. */
export async function findBatchOf(tx: Tx, id: string): Promise<string | undefined> {
  return (await tx.voucher.findUnique({ where: { id }, select: { batchId: true } }))?.batchId;
}

/** As it is now, and unchanged by anybody else until the transaction ends. */
export async function lockVoucher(tx: Tx, id: string): Promise<VoucherRow | undefined> {
  const [row] = await tx.$queryRaw<VoucherRow[]>`
    SELECT id::text AS id, batch_id::text AS "batchId", code_hash AS "codeHash", state::text AS state,
           expires_at AS "expiresAt", customer_id::text AS "customerId", entitlement_id::text AS "entitlementId"
    FROM voucher WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  return row;
}

/** Gives how many were inserted: a code that was made before is left out. */
export async function insertVouchers(
  tx: Tx,
  batchId: string,
  hashes: readonly string[],
  expiresAt: Date | null,
): Promise<number> {
  return tx.$executeRaw`
    INSERT INTO voucher (id, batch_id, code_hash, expires_at)
    SELECT v.id, ${batchId}::uuid, v.hash, ${expiresAt}::timestamptz
    FROM unnest(${hashes.map(() => uuidv7())}::uuid[], ${[...hashes]}::text[]) AS v(id, hash)
    ON CONFLICT (code_hash) DO NOTHING`;
}

export async function markRedeemed(
  tx: Tx,
  id: string,
  redeemed: { codeHash: string; at: Date; customerId: string; entitlementId: string },
): Promise<void> {
  const { at, ...rest } = redeemed;
  await tx.voucher.update({ where: { id }, data: { state: 'redeemed', redeemedAt: at, ...rest } });
}

export async function setCodeHash(tx: Tx, id: string, codeHash: string): Promise<void> {
  await tx.voucher.update({ where: { id }, data: { codeHash } });
}

export async function markExpired(tx: Tx, id: string): Promise<void> {
  await tx.voucher.updateMany({ where: { id, state: 'unused' }, data: { state: 'expired' } });
}

/** Gives how many were revoked; a code that is being redeemed is waited for and left alone. */
export async function revokeUnused(tx: Tx, batchId: string): Promise<number> {
  const { count } = await tx.voucher.updateMany({ where: { batchId, state: 'unused' }, data: { state: 'revoked' } });
  return count;
}

/** What the code of a voucher gives. */
export async function findBatchOffer(tx: Tx, batchId: string): Promise<VoucherOffer> {
  const { packageId, terms } = await tx.voucherBatch.findUniqueOrThrow({
    where: { id: batchId },
    select: { packageId: true, terms: true },
  });
  return { packageId, ...voucherTerms.parse(terms) };
}

/** False when it is not unused any more. */
export async function revokeOne(tx: Tx, id: string): Promise<boolean> {
  const { count } = await tx.voucher.updateMany({ where: { id, state: 'unused' }, data: { state: 'revoked' } });
  return count === 1;
}
