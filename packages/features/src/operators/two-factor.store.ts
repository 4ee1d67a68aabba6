import type { Tx } from '@turnpike/db/database.js';

/** Remembers a secret that was shown and is not proven yet. `sealed`: for column `totp_pending`. */
export async function keepPendingSecret(tx: Tx, operatorId: string, sealed: string): Promise<void> {
  await tx.operator.update({ where: { id: operatorId }, data: { totpPending: sealed } });
}

/** The sealed secret that waits for its first code, its row locked. */
export async function lockPendingSecret(tx: Tx, operatorId: string): Promise<string | undefined> {
  const [row] = await tx.$queryRaw<{ pending: string | null }[]>`
    SELECT totp_pending AS pending FROM operator WHERE id = ${operatorId}::uuid FOR UPDATE`;
  return row?.pending ?? undefined;
}

/** `sealed`: for column `totp_secret`. `step`: of the code that proved it, which is taken by this. */
export async function enableTotp(
  tx: Tx,
  operatorId: string,
  { sealed, step, codeHashes }: { sealed: string; step: number; codeHashes: readonly string[] },
): Promise<void> {
  await tx.operator.update({
    where: { id: operatorId },
    data: { totpSecret: sealed, totpPending: null, totpLastStep: step },
  });
  await tx.recoveryCode.deleteMany({ where: { operatorId } });
  await tx.recoveryCode.createMany({ data: codeHashes.map((hash) => ({ operatorId, hash })) });
}

/** False when it was off already. */
export async function disableTotp(tx: Tx, operatorId: string): Promise<boolean> {
  const { count } = await tx.operator.updateMany({
    where: { id: operatorId, OR: [{ totpSecret: { not: null } }, { totpPending: { not: null } }] },
    data: { totpSecret: null, totpPending: null, totpLastStep: null },
  });
  await tx.recoveryCode.deleteMany({ where: { operatorId } });
  return count === 1;
}

/** False when a code of this step or a later one was taken before: of two who send the same code one gets in. */
export async function takeTotpStep(tx: Tx, operatorId: string, step: number): Promise<boolean> {
  const { count } = await tx.operator.updateMany({
    where: { id: operatorId, OR: [{ totpLastStep: null }, { totpLastStep: { lt: step } }] },
    data: { totpLastStep: step },
  });
  return count === 1;
}

/** False when there is no such code, or it was used before. */
export async function takeRecoveryCode(tx: Tx, operatorId: string, hash: string, at: Date): Promise<boolean> {
  const { count } = await tx.recoveryCode.updateMany({
    where: { operatorId, hash, usedAt: null },
    data: { usedAt: at },
  });
  return count === 1;
}
