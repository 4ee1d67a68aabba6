import { z } from 'zod';
import { api, type Instance } from '../instance.js';
import type { Ledger } from '../ledger/open-ledger.js';
import type { Loaded } from './ask-maker.js';

const MOST_IDS = 500;
const created = z.object({ id: z.string() });
const madeBatch = z.object({ codes: z.array(z.string()).min(1) });

/** Batches keep the terms of their package: one is made as the service makes them, and the others get the same. Gives its code. */
export async function makeTerms(instance: Instance): Promise<string> {
  const terms = { name: 'Of the load', type: 'hotspot', priceMinor: 1_000, currency: 'KES', validForSeconds: 86_400 };
  const made = await api(instance, 'POST', '/packages', { ...terms, downKbps: 5_120, upKbps: 2_048 });
  const { id: packageId } = created.parse(made);
  const batch = await api(instance, 'POST', '/voucher-batches', { packageId, count: 1 });
  return madeBatch.parse(batch).codes[0] ?? '';
}

type IdsOf = 'accountId' | 'customerIds' | 'routerIds' | 'packageIds' | 'batchIds' | 'paymentIds';

const ids = z.array(created).transform((rows) => rows.map(({ id }) => id));

/** The first few hundred of a table. */
async function someIds(ledger: Ledger, table: string): Promise<string[]> {
  return ids.parse((await ledger.query(`SELECT id::text AS id FROM ${table} LIMIT ${MOST_IDS}`, [])).rows);
}

export async function idsOf(ledger: Ledger, known: Omit<Loaded, IdsOf>): Promise<Loaded> {
  const sql = `SELECT id::text AS id FROM ledger_account WHERE owner = 'load' AND kind = 'sales'`;
  const [accountId = ''] = ids.parse((await ledger.query(sql, [])).rows);
  return {
    ...known,
    accountId,
    customerIds: await someIds(ledger, 'customer'),
    routerIds: await someIds(ledger, 'router'),
    packageIds: await someIds(ledger, 'package'),
    batchIds: await someIds(ledger, 'voucher_batch'),
    paymentIds: await someIds(ledger, 'payment'),
  };
}
