import { hotspotService } from '@turnpike/contracts/provisioning.js';
import type { PortalPackage, PortalPurchaseView } from '@turnpike/contracts/portal.js';
import type { Clock } from '@turnpike/core/clock.js';
import { parseMacAddress, type MacAddress } from '@turnpike/core/mac-address.js';
import { parseMsisdn } from '@turnpike/core/msisdn.js';
import { sameSecret } from '@turnpike/core/same-secret.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Database } from '@turnpike/db/database.js';
import type { Package } from '@turnpike/db/generated/client.js';
import type { Cache } from '@turnpike/runtime/cache.js';
import { z } from 'zod';
import type { DevicesService } from '../customers/devices.service.js';
import type { SessionEnder } from '../sessions/session-ender.js';
import { runningAccess, type CustomerAccess, type KnownDevice } from './portal-access.js';
import type { PortalLimits } from './portal-limits.js';
import type { PortalPurchases } from './portal-ports.js';
import {
  findByPhone,
  findByUsername,
  findHolderOfAddress,
  findPlaceRow,
  findPurchaseOwner,
  findSignIn,
  listDevices,
  listOnline,
  listPublicPackages,
  listUsableEntitlements,
  mayLogInByAddress,
  type DeviceRow,
  type OnlineRow,
  type SignInRow,
} from './portal.store.js';

/** A router, for who stands at it. */
export interface Place {
  readonly id: string;
  readonly name: string;
  /** Names under which it serves its login page. */
  readonly dnsNames: readonly string[];
}

export type SignIn =
  | { readonly kind: 'ok'; readonly customerId: string; readonly username: string; readonly password: string }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'suspended' };

export interface PortalService {
  /** Hotspot packages on sale to everybody, at this router when one is named; cheapest first. */
  packages(nas: string | undefined): Promise<PortalPackage[]>;
  place(nas: string | undefined): Promise<Place | undefined>;
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
  readonly purchases: PortalPurchases;
  readonly devices: Pick<DevicesService, 'remove'>;
  readonly endSessions: SessionEnder;
  /** Tells the outbox relay that there is work. */
  readonly wake: () => void;
  readonly limits: PortalLimits;
  readonly secretBox: SecretBox;
  readonly clock: Clock;
}

const CACHE_TTL_MS = 10_000;
/** The tag under which the packages feature forgets what it has cached. */
const PACKAGES_TAG = 'packages';
const ACTOR = 'portal';

export function createPortalService(deps: PortalServiceDeps): PortalService {
  const { db, transact, cache, purchases, limits, secretBox, clock } = deps;

  const onSale = (): Promise<PlacedPackage[]> =>
    cache.getOrSet('portal:packages', { ttlMs: CACHE_TTL_MS, tags: [PACKAGES_TAG] }, async () =>
      (await listPublicPackages(db)).map(placedPackage),
    );

  async function named(name: string): Promise<SignInRow | null> {
    const row = await findByUsername(db, name);
    if (row !== null) return row;
    const msisdn = parseMsisdn(name);
    return msisdn === undefined ? null : findByPhone(db, msisdn);
  }

  return {
    packages: async (nas) => {
      const all = await onSale();
      const place = nas === undefined ? null : await findPlaceRow(db, nas);
      return all.filter((one) => isValidAt(one, place)).map(({ shown }) => shown);
    },

    place: async (nas) => {
      const row = nas === undefined ? null : await findPlaceRow(db, nas);
      return row === null ? undefined : { id: row.id, name: row.name, dnsNames: dnsNamesOf(row.deployedServices) };
    },

    signIn: async (name, password, address) => {
      await limits.take('signInAddress', address);
      const account = parseMsisdn(name) ?? name.toLowerCase();
      await limits.take('account', account);
      const row = await named(name);
      const real = row === null ? '' : openPassword(secretBox, row);
      if (row === null || !sameSecret(real, password)) return { kind: 'wrong' };
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
      const row = await findPurchaseOwner(db, reference);
      // Anybody may begin a purchase for somebody else's phone; only one that was paid proves something.
      const customerId = row?.state === 'succeeded' ? row.customerId : null;
      return { customerId: customerId ?? undefined, packageId: row?.packageId ?? undefined };
    },

    holderOfAddress: (address) => findHolderOfAddress(db, address),

    access: async (customerId) => {
      const [customer, entitlements, online, listed] = await Promise.all([
        findSignIn(db, customerId),
        listUsableEntitlements(db, customerId),
        listOnline(db, customerId),
        listDevices(db, customerId),
      ]);
      if (customer === null) return undefined;
      return {
        customerId,
        running: runningAccess(entitlements, clock.now()),
        devicesOnline: new Set(online.map((one) => one.callingStationId ?? one.id)).size,
        sessions: online.map(({ router, startedAt }) => ({ routerName: router.name, startedAt })),
        devices: knownDevices(listed, online),
      };
    },

    isRemembered: (mac) => mayLogInByAddress(db, mac, clock.now()),

    removeDevice: async (customerId, mac, requestId) => {
      const ofDevice = (one: OnlineRow): boolean => parseMacAddress(one.callingStationId ?? '') === mac;
      const sessionIds = (await listOnline(db, customerId)).filter(ofDevice).map((one) => one.id);
      const row = (await listDevices(db, customerId)).find((one) => one.mac === mac);
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

interface PlacedPackage {
  readonly sites: readonly string[];
  readonly routerIds: readonly string[];
  readonly shown: PortalPackage;
}

function placedPackage(row: Package): PlacedPackage {
  const { id, name, description, priceMinor, currency, validForSeconds, downKbps, upKbps, devices } = row;
  return {
    sites: row.sites,
    routerIds: row.routerIds,
    shown: {
      ...{ id, name, description, priceMinor, currency, validForSeconds, downKbps, upKbps, devices },
      quotaOctets: row.quotaOctets?.toString() ?? null,
      onlineSeconds: row.onlineSeconds === null ? null : Number(row.onlineSeconds),
    },
  };
}

/** Where nobody says at which router the phone is, everything is shown that is valid everywhere. */
function isValidAt(one: PlacedPackage, place: { id: string; site: string | null } | null): boolean {
  if (one.sites.length === 0 && one.routerIds.length === 0) return true;
  if (place === null) return false;
  return one.routerIds.includes(place.id) || (place.site !== null && one.sites.includes(place.site));
}

const hotspots = z.array(z.unknown());

function dnsNamesOf(services: unknown): string[] {
  return (hotspots.safeParse(services).data ?? []).flatMap((service) => {
    const name = hotspotService.safeParse(service).data?.dnsName;
    return name === undefined ? [] : [name];
  });
}

/** What is on the list, and what is online without being on it. */
function knownDevices(listed: readonly DeviceRow[], online: readonly OnlineRow[]): KnownDevice[] {
  const macs = new Set(online.flatMap((one) => parseMacAddress(one.callingStationId ?? '') ?? []));
  const known = listed.map(({ mac, name }) => ({ mac, name, online: [...macs].some((one) => one === mac) }));
  const others = [...macs].filter((mac) => !listed.some((one) => one.mac === mac));
  return [...known, ...others.map((mac) => ({ mac, name: '', online: true }))];
}

function openPassword(secretBox: SecretBox, { id, password }: SignInRow): string {
  return secretBox.open(password, { table: 'customer', row: id, column: 'password' });
}
