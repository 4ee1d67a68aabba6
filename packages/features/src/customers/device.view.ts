import type { CustomerDeviceView } from '@turnpike/contracts/devices.js';
import type { SeenDevice } from './device.store.js';

export function deviceView({ id, mac, name, blocked, createdAt, lastSeenAt }: SeenDevice): CustomerDeviceView {
  return {
    id,
    mac,
    name,
    blocked,
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt?.toISOString() ?? null,
  };
}
