import type { Tx } from '@turnpike/db/database.js';
import type { CustomerDevice } from '@turnpike/db/generated/client.js';

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

/** Whose device it is. */
export async function findDeviceOwner(tx: Tx, mac: string): Promise<{ id: string; username: string } | undefined> {
  const device = await tx.customerDevice.findUnique({
    where: { mac },
    select: { customer: { select: { id: true, username: true } } },
  });
  return device?.customer;
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
