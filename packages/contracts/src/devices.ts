import { z } from 'zod';
import { id, idParams, instant, isStorable, NOT_STORABLE } from './common.js';
import { endpoint } from './endpoint.js';

const tag = 'customers';

/** No customer can have more devices than that; how many they may is configured. */
export const MAX_DEVICES = 50;

export const customerDevice = z.object({
  id,
  /** `AA:BB:CC:DD:EE:FF` */
  mac: z.string(),
  name: z.string(),
  blocked: z.boolean(),
  createdAt: instant,
  /** Newest packet about a session of it; null: never heard of. */
  lastSeenAt: instant.nullable(),
});
export type CustomerDeviceView = z.infer<typeof customerDevice>;

const deviceParams = z.strictObject({ id, deviceId: id });
const deviceName = z.string().trim().max(80, 'must be at most 80 characters').refine(isStorable, NOT_STORABLE);

export const listDevices = endpoint({
  method: 'get',
  path: '/customers/{id}/devices',
  tag,
  summary: 'Devices of a customer, newest first',
  allow: 'customers:read',
  params: idParams,
  response: z.object({ items: z.array(customerDevice) }),
});

export const addDevice = endpoint({
  method: 'post',
  path: '/customers/{id}/devices',
  tag,
  summary: 'Add a device by its MAC address in any spelling; a device belongs to one customer, who has so many at most',
  allow: 'customers:write',
  params: idParams,
  body: z.strictObject({ mac: z.string().max(32), name: deviceName.optional() }),
  status: 201,
  response: customerDevice,
});

export const updateDevice = endpoint({
  method: 'patch',
  path: '/customers/{id}/devices/{deviceId}',
  tag,
  summary: 'Name a device, or block it: a blocked device is refused whatever the password, and its sessions end',
  allow: 'customers:write',
  params: deviceParams,
  body: z.strictObject({ name: deviceName.optional(), blocked: z.boolean().optional() }),
  response: customerDevice,
});

export const removeDevice = endpoint({
  method: 'delete',
  path: '/customers/{id}/devices/{deviceId}',
  tag,
  summary: 'Forget a device; sessions that were let in only because of it end',
  allow: 'customers:write',
  params: deviceParams,
  status: 204,
  response: z.null(),
});
