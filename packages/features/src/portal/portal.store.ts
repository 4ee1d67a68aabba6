import type { Tx } from '@turnpike/db/database.js';
import type { Package, PaymentState } from '@turnpike/db/generated/client.js';
import type { PortalEntitlement } from './portal-access.js';

/** A router as far as the portal shows or believes it. */
export interface PlaceRow {
  readonly id: string;
  readonly name: string;
  readonly site: string | null;
  readonly deployedServices: unknown;
}

export async function findPlaceRow(tx: Tx, id: string): Promise<PlaceRow | null> {
  return tx.router.findFirst({
    where: { id, deletedAt: null },
    select: { id: true, name: true, site: true, deployedServices: true },
  });
}

/** Hotspot packages on sale to everybody, cheapest first. */
export async function listPublicPackages(tx: Tx): Promise<Package[]> {
  return tx.package.findMany({
    where: { active: true, archivedAt: null, visibility: 'public', type: 'hotspot' },
    orderBy: [{ priceMinor: 'asc' }, { validForSeconds: 'asc' }, { id: 'asc' }],
    take: 100,
  });
}

export interface SignInRow {
  readonly id: string;
  readonly username: string;
  /** Sealed. */
  readonly password: string;
  readonly status: 'active' | 'suspended';
}

const SIGN_IN = { id: true, username: true, password: true, status: true } as const;

export async function findByUsername(tx: Tx, username: string): Promise<SignInRow | null> {
  return tx.customer.findFirst({ where: { username, erasedAt: null }, select: SIGN_IN });
}

export async function findByPhone(tx: Tx, msisdn: string): Promise<SignInRow | null> {
  return tx.customer.findFirst({ where: { msisdn, erasedAt: null }, select: SIGN_IN });
}

export async function findSignIn(tx: Tx, id: string): Promise<SignInRow | null> {
  return tx.customer.findFirst({ where: { id, erasedAt: null }, select: SIGN_IN });
}

export interface PurchaseOwner {
  readonly state: PaymentState;
  readonly customerId: string | null;
  readonly packageId: string | null;
}

export async function findPurchaseOwner(tx: Tx, reference: string): Promise<PurchaseOwner | null> {
  return tx.payment.findUnique({ where: { reference }, select: { state: true, customerId: true, packageId: true } });
}

/** Those that are active or begin with the first login. */
export async function listUsableEntitlements(tx: Tx, customerId: string): Promise<PortalEntitlement[]> {
  return tx.entitlement.findMany({
    where: {
      customerId,
      type: 'hotspot',
      OR: [{ state: 'active' }, { state: 'pending', validForSeconds: { not: null } }],
    },
    orderBy: { endsAt: 'desc' },
    take: 50,
  });
}

export interface OnlineRow {
  readonly id: string;
  readonly callingStationId: string | null;
  readonly startedAt: Date;
  readonly router: { readonly name: string };
}

export async function listOnline(tx: Tx, customerId: string): Promise<OnlineRow[]> {
  return tx.session.findMany({
    where: { customerId, state: { in: ['open', 'closing'] } },
    select: { id: true, callingStationId: true, startedAt: true, router: { select: { name: true } } },
    orderBy: { startedAt: 'desc' },
    take: 100,
  });
}

export interface DeviceRow {
  readonly id: string;
  readonly mac: string;
  readonly name: string;
}

export async function listDevices(tx: Tx, customerId: string): Promise<DeviceRow[]> {
  return tx.customerDevice.findMany({
    where: { customerId, blocked: false },
    select: { id: true, mac: true, name: true },
    orderBy: { createdAt: 'desc' },
    take: 100,
  });
}

/** Whose device has this address now, going by accounting; undefined when it is nobody's or several routers use it. */
export async function findHolderOfAddress(tx: Tx, address: string): Promise<string | undefined> {
  const rows = await tx.session.findMany({
    where: { framedIpAddress: address, state: 'open' },
    select: { customerId: true },
    take: 2,
  });
  return rows.length === 1 ? (rows[0]?.customerId ?? undefined) : undefined;
}

/** Whether the device is on the list of a customer whose running package lets known devices in by their address. */
export async function mayLogInByAddress(tx: Tx, mac: string, now: Date): Promise<boolean> {
  const row = await tx.customerDevice.findFirst({
    where: {
      mac,
      blocked: false,
      customer: {
        status: 'active',
        entitlements: { some: { state: 'active', macLogin: true, startsAt: { lte: now }, endsAt: { gt: now } } },
      },
    },
    select: { id: true },
  });
  return row !== null;
}
