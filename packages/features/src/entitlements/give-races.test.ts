import { mergeRecords } from '../accounting/accounting-merge.js';
import type { AccountingRecord } from '../accounting/accounting-record.js';
import { changeRates } from '../sessions/rate-changer.js';
import { endSessions } from '../sessions/session-ender.js';
import { byOperator, openShop, type Shop } from './shop-rig.js';

let shop: Shop;
let routerId: string;
let records = 0;

beforeAll(async () => {
  shop = await openShop();
  routerId = await shop.newRouter('The one');
});

afterAll(async () => {
  await shop.close();
});

/** An interim update of a session on an entitlement, as accounting merges it. */
function account(entitlementId: string, session: number, octets: number): Promise<unknown> {
  records += 1;
  const at = shop.clock.now().getTime();
  const record: AccountingRecord = {
    dedupKey: `race-${records}`,
    routerId,
    kind: 'interim',
    receivedAt: at,
    eventAt: at,
    untimed: false,
    sessionKey: `c.${entitlementId}.${session}`,
    namedStart: at,
    entitlementId,
    fairUseStep: 0,
    acctSessionId: String(session),
    username: 'somebody',
    framedIpAddress: null,
    callingStationId: null,
    calledStationId: null,
    nasPortId: null,
    sessionSeconds: 0,
    inputOctets: String(octets),
    outputOctets: '0',
    narrow: false,
    terminateCause: null,
  };
  const deps = { endSessions, changeRates, touchCustomer: shop.customers.touch };
  return shop.transact((tx) => mergeRecords(tx, [record], deps));
}

describe('purchases while everything else happens to the same customer', () => {
  test('never fail: accounting uses it up, the sweeps run, sessions open, and each purchase gives its time', async () => {
    const sold = await Promise.all(
      (['extend', 'queue', 'upgrade', 'stack'] as const).map((onRepeat) =>
        shop.newPackage({ onRepeat, quotaOctets: '1000', fairUse: [{ afterOctets: '500', downKbps: 64, upKbps: 64 }] }),
      ),
    );
    for (let round = 0; round < 2; round += 1) {
      const customerId = await shop.newCustomer();
      let running: readonly string[] = [];
      for (let turn = 0; turn < 3; turn += 1) {
        const grants = sold.map(({ id }) => shop.entitlements.grant(customerId, id, byOperator));
        const used = running.map((id) => account(id, turn, 400 + turn * 100));
        const [given] = await Promise.all([
          Promise.all(grants),
          Promise.all(used),
          shop.entitlements.expireDue(),
          shop.entitlements.beginDue(),
        ]);
        running = given.map(({ id }) => id);
      }
      // Whatever came of them, none of those in line begins before what it waits for is over.
      for (let turn = 0; turn < 30 && (await shop.entitlements.beginDue()) > 0; turn += 1);
      const live = await shop.entitlements.entitlementsOf(customerId, shop.clock.now());
      const queued = live.filter(({ state }) => state === 'pending');
      const starts = queued.map(({ startsAt }) => startsAt);
      expect(new Set(starts).size).toBe(starts.length);
    }
  });
});
