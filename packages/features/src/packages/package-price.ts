import type { Tx } from '@turnpike/db/database.js';

export interface PackagePrice {
  readonly priceMinor: number;
  readonly currency: string;
  readonly validForSeconds: number;
}

/** For other features: what packages cost now, archived ones too, by id. */
export async function packagePrices(tx: Tx, ids: readonly string[]): Promise<Map<string, PackagePrice>> {
  const rows = await tx.package.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, priceMinor: true, currency: true, validForSeconds: true },
  });
  return new Map(rows.map(({ id, ...price }) => [id, price]));
}
