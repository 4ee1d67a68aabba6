import type { Tx } from '@turnpike/db/database.js';
import { Prisma, type CustomerDevice } from '@turnpike/db/generated/client.js';

export type DeviceRow = CustomerDevice;

export async function listDeviceRows(tx: Tx, customerId: string): Promise<DeviceRow[]> {
  return tx.customerDevice.findMany({ where: { customerId }, orderBy: { id: 'desc' } });
}

/** Undefined when there is no such device of this customer. */
export async function findDeviceRow(tx: Tx, customerId: string, id: string): Promise<DeviceRow | undefined> {
  return (await tx.customerDevice.findFirst({ where: { id, customerId } })) ?? undefined;
}

export async function countDevices(tx: Tx, customerId: string): Promise<number> {
  return tx.customerDevice.count({ where: { customerId } });
}

export interface DeviceOwner {
  /** Of the customer. */
  readonly id: string;
  readonly username: string;
  readonly blocked: boolean;
}

/** Whose device it is. */
export async function findDeviceOwner(tx: Tx, mac: string): Promise<DeviceOwner | undefined> {
  const device = await tx.customerDevice.findUnique({
    where: { mac },
    select: { blocked: true, customer: { select: { id: true, username: true } } },
  });
  return device === null ? undefined : { ...device.customer, blocked: device.blocked };
}

/** False when it is somebody's already; waits for a transaction that is adding it. */
export async function insertDeviceIfNew(tx: Tx, customerId: string, mac: string): Promise<boolean> {
  const { count } = await tx.customerDevice.createMany({ data: [{ customerId, mac }], skipDuplicates: true });
  return count === 1;
}

/** Moves a device that is not blocked; false when it is not there any more. It comes without the name others gave it. */
export async function claimDevice(tx: Tx, mac: string, { from, to }: { from: string; to: string }): Promise<boolean> {
  const { count } = await tx.customerDevice.updateMany({
    where: { mac, customerId: from, blocked: false },
    data: { customerId: to, name: '', createdAt: new Date() },
  });
  return count === 1;
}

export interface SeenDevice extends DeviceRow {
  /** Newest packet about a session of it; null: never heard of. */
  readonly lastSeenAt: Date | null;
}

/** Devices with when each was last seen in a session of the customer, newest first. */
export async function listSeenDevices(tx: Tx, customerId: string): Promise<SeenDevice[]> {
  const [devices, seen] = await Promise.all([listDeviceRows(tx, customerId), lastSeen(tx, customerId)]);
  return devices.map((device) => ({ ...device, lastSeenAt: seen.get(device.mac) ?? null }));
}

export async function findSeenDevice(tx: Tx, device: DeviceRow): Promise<SeenDevice> {
  return { ...device, lastSeenAt: (await lastSeen(tx, device.customerId)).get(device.mac) ?? null };
}

/** By MAC address, however the NAS spelled it. */
async function lastSeen(tx: Tx, customerId: string): Promise<Map<string, Date>> {
  const rows = await tx.$queryRaw<{ mac: string; at: Date }[]>`
    SELECT d.mac, max(s.last_seen_at) AS at
    FROM customer_device d JOIN session s
      ON s.customer_id = d.customer_id AND ${bareMac} = replace(d.mac, ':', '')
    WHERE d.customer_id = ${customerId}::uuid
    GROUP BY d.mac`;
  return new Map(rows.map(({ mac, at }) => [mac, at]));
}

const bareMac = Prisma.sql`regexp_replace(upper(s.calling_station_id), '[^0-9A-F]', '', 'g')`;

/** Removes what is beyond `most`, the longest unseen first; neither `keep` nor what is blocked. Gives the addresses. */
export async function removeLongestUnseen(
  tx: Tx,
  customerId: string,
  { keep, most }: { keep: string; most: number },
): Promise<string[]> {
  const devices = await listSeenDevices(tx, customerId);
  const lastUse = ({ lastSeenAt, createdAt }: SeenDevice): number => (lastSeenAt ?? createdAt).getTime();
  const removable = devices
    .filter(({ mac, blocked }) => mac !== keep && !blocked)
    .sort((a, b) => lastUse(a) - lastUse(b));
  const gone = removable.slice(0, Math.max(0, devices.length - most));
  await tx.customerDevice.deleteMany({ where: { id: { in: gone.map(({ id }) => id) } } });
  return gone.map(({ mac }) => mac);
}

export async function findDeviceWithOwner(
  tx: Tx,
  mac: string,
): Promise<{ blocked: boolean; customer: { id: string; status: 'active' | 'suspended' } } | undefined> {
  const device = await tx.customerDevice.findUnique({
    where: { mac },
    select: { blocked: true, customer: { select: { id: true, status: true } } },
  });
  return device ?? undefined;
}

export async function insertDeviceRow(
  tx: Tx,
  device: { customerId: string; mac: string; name: string },
): Promise<DeviceRow> {
  return tx.customerDevice.create({ data: device });
}

export async function updateDeviceRow(
  tx: Tx,
  id: string,
  change: { name?: string | undefined; blocked?: boolean | undefined },
): Promise<DeviceRow> {
  const { name, blocked } = change;
  return tx.customerDevice.update({
    where: { id },
    data: { ...(name === undefined ? {} : { name }), ...(blocked === undefined ? {} : { blocked }) },
  });
}

export async function deleteDeviceRow(tx: Tx, id: string): Promise<void> {
  await tx.customerDevice.delete({ where: { id } });
}
