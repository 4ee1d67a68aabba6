import { createCache } from '@turnpike/runtime/cache.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import type { TaxTerms } from '@turnpike/contracts/reports.js';
import { openTestRedis } from '@turnpike/testkit/test-redis.js';
import { createAgentSalesService } from '../agents/agent-sales.service.js';
import { actorOf } from '../agents/agents-rig.js';
import { createAgentsService } from '../agents/agents.service.js';
import { ownEntries } from '../dashboard/own-entries-rig.js';
import { createWalletsService } from '../ledger/wallets.service.js';
import { openPaymentsRig } from '../payments/payments-rig.js';
import { stkResult } from '../payments/test-daraja.js';
import { createReportsService } from './reports.service.js';
import { createSoldKeeper } from './sold-days.js';
import { findSoldThrough } from './sold-days.store.js';

export type ReportsRig = Awaited<ReturnType<typeof openReportsRig>>;

export const byDesk = { actor: '0190b5c1-0000-7000-8000-00000000d35c', requestId: 'request-1' };
export const NAIROBI = 'Africa/Nairobi';
export const VAT: TaxTerms = { name: 'VAT', basisPoints: 1_600, inclusive: true };

/** A whole network that sells in every way there is, at whatever time the test says. */
export async function openReportsRig() {
  const [rig, cacheRedis] = await Promise.all([openPaymentsRig(), openTestRedis('cache')]);
  const { db, transact, clock, packages, vouchers, customers } = rig;
  const cache = createCache({
    redisUrl: cacheRedis.url,
    prefix: cacheRedis.prefix,
    metrics: createMetrics({ role: 'test', instance: 'reports', processMetrics: false }),
    logger: createLogger({ level: 'silent', role: 'test', instance: 'test' }),
  });
  const wallets = createWalletsService({ db, transact, customers });
  const agents = createAgentsService({ db, transact, wallets });
  const sales = createAgentSalesService({ db, transact, wallets, packages, vouchers });
  const seller = { actor: actorOf(byDesk.actor, 'owner'), requestId: 'request-1' };
  let receipts = 0;

  /** Entries of the ledger carry the time of the database: what `work` enters is put to the time that was meant. */
  async function at<Value>(when: string, work: () => Promise<Value>): Promise<Value> {
    clock.setWall(new Date(when));
    const known = (await db.ledgerEntry.findMany({ select: { id: true } })).map(({ id }) => id);
    const value = await work();
    await db.$executeRaw`ALTER TABLE ledger_entry DISABLE TRIGGER USER`;
    await db.ledgerEntry.updateMany({ where: { id: { notIn: known } }, data: { createdAt: new Date(when) } });
    await db.$executeRaw`ALTER TABLE ledger_entry ENABLE TRIGGER USER`;
    return value;
  }

  return {
    ...rig,
    cache,
    at,
    wallets,
    agents,
    /** With entries of its own in the cache. */
    newReports: ({ timeZone = NAIROBI, tax = VAT } = {}) =>
      createReportsService({ transact, cache: ownEntries(cache), clock, timeZone: () => timeZone, taxOf: () => tax }),
    /** As the worker does at that time; gives the newest day that is kept then. */
    keepSold: async (when: string): Promise<string | undefined> => {
      clock.setWall(new Date(when));
      await createSoldKeeper({ db, transact, clock, timeZone: () => NAIROBI })(AbortSignal.timeout(30_000));
      return findSoldThrough(db, NAIROBI);
    },
    /** A router at a site. */
    newPlace: async (name: string, site: string | null): Promise<string> => {
      const id = await rig.newRouter(name);
      await db.router.update({ where: { id }, data: { site } });
      return id;
    },
    /** By M-Pesa on the portal of a router; gives the payment's id. */
    buy: async (packageId: string, { msisdn, routerId }: { msisdn: string; routerId?: string }): Promise<string> => {
      receipts += 1;
      const { reference } = await rig.purchases.start({ packageId, msisdn, routerId, createdBy: 'portal' });
      await rig.runJobs();
      const row = await rig.payment(reference);
      const [amount, phone] = [Number(row.amountMinor) / 100, Number(`254${msisdn.slice(1)}`)];
      const receipt = `SGR${String(receipts).padStart(7, '0')}`;
      const told = stkResult({ id: row.providerRequestId ?? '', receipt, phone, amount });
      await rig.told(rig.tokens.of(row.id), told);
      return row.id;
    },
    newAgent: async (fundsMinor: number): Promise<string> => {
      const { id } = await agents.create({ name: 'Mama Njeri', commissionBasisPoints: 1_000 }, byDesk);
      const topUp = { amountMinor: fundsMinor, currency: 'KES', method: 'cash', note: '' } as const;
      await agents.topUp(id, topUp, byDesk);
      return id;
    },
    sellVouchers: (agentId: string, packageId: string, count: number) =>
      sales.sell(agentId, { packageId, count }, seller),
    forget: async () => {
      await rig.forget();
      await db.soldDay.deleteMany();
      await db.$executeRaw`DELETE FROM sold_part`;
      await db.voucher.deleteMany();
      await db.voucherBatch.deleteMany();
      await db.agent.deleteMany();
      await db.router.deleteMany();
      await db.reportSchedule.deleteMany();
    },
    close: async () => {
      await cache.close();
      await Promise.all([rig.close(), cacheRedis.close()]);
    },
  };
}
