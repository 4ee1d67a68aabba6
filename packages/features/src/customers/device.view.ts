import type { CustomerDeviceView } from '@turnpike/contracts/devices.js';
import type { DeviceRow } from './device.store.js';

export function deviceView({ id, mac, name, blocked, createdAt }: DeviceRow): CustomerDeviceView {
  return { id, mac, name, blocked, createdAt: createdAt.toISOString() };
}
