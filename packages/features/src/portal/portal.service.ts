import type { PortalPackage, PortalPurchaseView } from '@turnpike/contracts/portal.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { MacAddress } from '@turnpike/core/mac-address.js';
import { parseMsisdn } from '@turnpike/core/msisdn.js';
import { sameSecret } from '@turnpike/core/same-secret.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Database } from '@turnpike/db/database.js';
import type { Cache } from '@turnpike/runtime/cache.js';
import { CACHED_MS } from '../caching/cached-reads.js';
import type { DevicesService } from '../customers/devices.service.js';
import { listedDevices } from '../customers/listed-devices.js';
import { customerIsKnown, customerToSignIn, type SignInCustomer } from '../customers/sign-in-customer.js';
import { accountOfDevice } from '../customers/voucher-customer.js';
import { letsDevicesIn, usableHotspotEntitlements } from '../entitlements/usable-entitlements.js';
import { PACKAGES_TAG, publicHotspotPackages } from '../packages/public-packages.js';
import type { Purchases } from '../payments/purchases.js';
import { routerPlace, type RouterPlace } from '../routers/router-place.js';
import { holderOfAddress, onlineSessionsOf } from '../sessions/online-sessions.js';
import type { SessionEnder } from '../sessions/session-ender.js';
import { knownDevices, runningAccess, type CustomerAccess } from './portal-access.js';
import type { PortalLimits } from './portal-limits.js';
import { isValidAt, placedPackage, type PlacedPackage } from './placed-package.js';

export type SignIn =
  | { readonly kind: 'ok'; readonly customerId: string; readonly username: string; readonly password: string }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'suspended' };

export interface PortalService {
  /** Hotspot packages on sale to everybody, at this router when one is named; cheapest first. */
  packages(nas: string | undefined): Promise<PortalPackage[]>;
  place(nas: string | undefined): Promise<RouterPlace | undefined>;
  /** By username or phone number. Throws `rate_limited`. */
  signIn(name: string, password: string, address: string): Promise<SignIn>;
  /** The purchase that this receipt paid, for who also knows the phone. Throws `rate_limited`. */
  findPaid(receipt: string, phone: string, address: string): Promise<PortalPurchaseView | undefined>;
  /** Who bought, once it is paid, and what. */
  ownerOf(reference: string): Promise<{ customerId: string | undefined; packageId: string | undefined }>;
  holderOfAddress(address: string): Promise<string | undefined>;
  /** undefined when there is no such customer (any more). */
  access(customerId: string): Promise<CustomerAccess | undefined>;
  /** Whether the router lets this device in by its address alone. */
  isRemembered(mac: MacAddress): Promise<boolean>;
  /** Takes a device off the customer's list and ends what it has open. */
  removeDevice(customerId: string, mac: MacAddress, requestId: string): Promise<void>;
}

export interface PortalServiceDeps extends Pick<Database, 'db' | 'transact'> {
  readonly cache: Pick<Cache, 'getOrSet'>;
  readonly purchases: Pick<Purchases, 'findByReceipt' | 'owner'>;
  readonly devices: Pick<DevicesService, 'remove'>;
  readonly endSessions: SessionEnder;
  /** Tells the outbox relay that there is work. */
  readonly wake: () => void;
  readonly limits: PortalLimits;
  readonly secretBox: SecretBox;
  readonly clock: Clock;
}

const ACTOR = 'portal';

export function createPortalService(deps: PortalServiceDeps): PortalService {
  const { db, transact, cache, purchases, limits, secretBox, clock } = deps;

  const onSale = (): Promise<PlacedPackage[]> =>
    cache.getOrSet('portal:packages', { ttlMs: CACHED_MS.portalPackages, tags: [PACKAGES_TAG] }, async () =>
      (await publicHotspotPackages(db)).map(placedPackage),
    );

  async function placeOf(nas: string | undefined): Promise<RouterPlace | undefined> {
    return nas === undefined ? undefined : routerPlace(db, nas);
  }

  return {
    packages: async (nas) => {
      const [all, place] = await Promise.all([onSale(), placeOf(nas)]);
      return all.filter((one) => isValidAt(one, place)).map(({ shown }) => shown);
    },

    place: placeOf,

    signIn: async (name, password, address) => {
      await limits.take('signInAddress', address);
      const account = parseMsisdn(name) ?? name.toLowerCase();
      await limits.take('account', account);
      const row = await customerToSignIn(db, name);
      const real = row === undefined ? '' : openPassword(secretBox, row);
      if (row === undefined || !sameSecret(real, password)) return { kind: 'wrong' };
      await Promise.all([limits.forgive('signInAddress', address), limits.forgive('account', account)]);
      if (row.status === 'suspended') return { kind: 'suspended' };
      return { kind: 'ok', customerId: row.id, username: row.username, password: real };
    },

    findPaid: async (receipt, phone, address) => {
      await limits.take('receiptAddress', address);
      const code = receipt.replace(/\s/g, '').toUpperCase();
      const msisdn = parseMsisdn(phone);
      if (msisdn === undefined || !/^[A-Z0-9]{6,32}$/.test(code)) return undefined;
      await limits.take('receipt', code);
      return purchases.findByReceipt(code, msisdn);
    },

    ownerOf: async (reference) => {
      const owner = await purchases.owner(reference);
      // Anybody may begin a purchase for somebody else's phone; only one that was paid proves something.
      const customerId = owner?.status === 'paid' ? owner.customerId : undefined;
      return { customerId, packageId: owner?.packageId };
    },

    holderOfAddress: (address) => holderOfAddress(db, address),

    access: async (customerId) => {
      const [isKnown, entitlements, online, listed] = await Promise.all([
        customerIsKnown(db, customerId),
        usableHotspotEntitlements(db, customerId),
        onlineSessionsOf(db, customerId),
        listedDevices(db, customerId),
      ]);
      if (!isKnown) return undefined;
      return {
        customerId,
        running: runningAccess(entitlements, clock.now()),
        devicesOnline: new Set(online.map(({ device }) => device)).size,
        sessions: online.map(({ routerName, startedAt }) => ({ routerName, startedAt })),
        devices: knownDevices(listed, online),
      };
    },

    isRemembered: async (mac) => {
      const customerId = await accountOfDevice(db, mac);
      return customerId !== undefined && letsDevicesIn(db, customerId, clock.now());
    },

    removeDevice: async (customerId, mac, requestId) => {
      const online = await onlineSessionsOf(db, customerId);
      const sessionIds = online.filter((one) => one.mac === mac).map(({ id }) => id);
      const row = (await listedDevices(db, customerId)).find((one) => one.mac === mac);
      if (row !== undefined) {
        await deps.devices.remove({ id: customerId, deviceId: row.id }, { actor: ACTOR, requestId });
      }
      if (sessionIds.length === 0) return;
      await transact(async (tx) =>
        deps.endSessions(tx, { sessionIds, reason: 'the customer removed the device', actor: ACTOR }),
      );
      deps.wake();
    },
  };
}

function openPassword(secretBox: SecretBox, { id, password }: SignInCustomer): string {
  return secretBox.open(password, { table: 'customer', row: id, column: 'password' });
}
