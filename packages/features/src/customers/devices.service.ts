import type { CustomerDeviceView } from '@turnpike/contracts/devices.js';
import { AppError, invalidField } from '@turnpike/core/app-error.js';
import { parseMacAddress, type MacAddress } from '@turnpike/core/mac-address.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import { isUniqueViolation } from '@turnpike/db/database-errors.js';
import type { ChangeContext } from '@turnpike/runtime/http/change-context.js';
import { appendAudit } from '../audit/audit.store.js';
import { runningSessionsOf, type RunningSession } from '../sessions/running-sessions.js';
import type { SessionEnder } from '../sessions/session-ender.js';
import type { CustomersService } from './customers.service.js';
import {
  countDevices,
  deleteDeviceRow,
  findDeviceOwner,
  findDeviceRow,
  findSeenDevice,
  insertDeviceRow,
  listSeenDevices,
  updateDeviceRow,
  type DeviceRow,
} from './device.store.js';
import { endListedSessions } from './device-sessions.js';
import { deviceView } from './device.view.js';
import { MOST_DEVICES, rememberDevice } from './portal-customer.js';

/** Which device of which customer. */
export interface DeviceRef {
  /** Of the customer. */
  readonly id: string;
  readonly deviceId: string;
}

export interface DeviceChange {
  readonly name?: string | undefined;
  readonly blocked?: boolean | undefined;
}

export interface DevicesService {
  list(customerId: string): Promise<CustomerDeviceView[]>;
  add(
    customerId: string,
    device: { mac: string; name?: string | undefined },
    context: ChangeContext,
  ): Promise<CustomerDeviceView>;
  /** Blocking ends what the device has open. */
  update(ref: DeviceRef, change: DeviceChange, context: ChangeContext): Promise<CustomerDeviceView>;
  /** Ends what the device could open only because it was on the list. */
  remove(ref: DeviceRef, context: ChangeContext): Promise<void>;
  /** What a customer who has signed in to the portal may do with the own list. */
  forPortal(customerId: string): PortalDevices;
}

export interface PortalDevices {
  list(): Promise<CustomerDeviceView[]>;
  /**
   * Adds the device that the customer holds in the hand, from another list if it is on one. `conflict` while the list is
   * full, so that the customer says which one goes, and for a device that an operator has blocked.
   */
  addThis(mac: MacAddress): Promise<CustomerDeviceView>;
  remove(deviceId: string): Promise<void>;
}

export interface DevicesDeps extends Pick<Database, 'db' | 'transact'> {
  readonly customers: CustomersService;
  readonly endSessions: SessionEnder;
  readonly wake: () => void;
  /** How many devices a customer may have. */
  readonly mostDevices?: number;
}

const BY_PORTAL: ChangeContext = { actor: 'portal', requestId: '' };

export function createDevicesService(deps: DevicesDeps): DevicesService {
  const { db, customers, endSessions, mostDevices = MOST_DEVICES } = deps;

  async function change<Result>(customerId: string, work: (tx: Tx) => Promise<Result>): Promise<Result> {
    const result = await deps.transact(async (tx) => {
      // Takes the customer's row lock first: changes of one list come one after the other.
      await customers.touch(tx, customerId);
      return work(tx);
    });
    deps.wake();
    return result;
  }

  async function end(
    tx: Tx,
    customerId: string,
    request: { which: (session: RunningSession) => boolean; reason: string; actor: string },
  ): Promise<void> {
    const { which, reason, actor } = request;
    const sessionIds = (await runningSessionsOf(tx, customerId)).filter(which).map((session) => session.id);
    await endSessions(tx, { sessionIds, reason, actor });
  }

  const list = async (customerId: string): Promise<CustomerDeviceView[]> => {
    await customers.get(customerId);
    return (await listSeenDevices(db, customerId)).map(deviceView);
  };

  const remove: DevicesService['remove'] = ({ id: customerId, deviceId }, context) =>
    change(customerId, async (tx) => {
      const row = await existing(tx, customerId, deviceId);
      await deleteDeviceRow(tx, deviceId);
      await endListedSessions(tx, customerId, [row.mac], { reason: 'device removed', actor: context.actor });
      await audit(tx, context, 'device.remove', row);
    });

  const addThis = (customerId: string, mac: MacAddress): Promise<CustomerDeviceView> =>
    change(customerId, async (tx) => {
      const known = (await listSeenDevices(tx, customerId)).find((device) => device.mac === mac);
      if (known !== undefined) return deviceView(known);
      if ((await findDeviceOwner(tx, mac))?.blocked === true) {
        throw new AppError('conflict', 'this device has been blocked: ask the people who run this network');
      }
      await refuseFull(tx, customerId, mostDevices);
      await rememberDevice(tx, customerId, mac, mostDevices);
      const added = (await listSeenDevices(tx, customerId)).find((device) => device.mac === mac);
      if (added === undefined) throw new AppError('conflict', 'this device could not be added: try again');
      await audit(tx, BY_PORTAL, 'device.add', added);
      return deviceView(added);
    });

  return {
    list,
    remove,

    forPortal: (customerId) => ({
      list: () => list(customerId),
      addThis: (mac) => addThis(customerId, mac),
      remove: async (deviceId) => {
        const device = await findDeviceRow(db, customerId, deviceId);
        if (device?.blocked === true) {
          throw new AppError('conflict', 'this device has been blocked: ask the people who run this network');
        }
        await remove({ id: customerId, deviceId }, BY_PORTAL);
      },
    }),

    add: async (customerId, { mac: text, name = '' }, context) => {
      const mac = parseMacAddress(text);
      if (mac === undefined) throw invalidField('mac', 'must be a MAC address such as AA:BB:CC:DD:EE:FF');
      try {
        return await change(customerId, async (tx) => {
          await refuseTaken(tx, customerId, mac);
          await refuseFull(tx, customerId, mostDevices);
          const row = await insertDeviceRow(tx, { customerId, mac, name });
          await audit(tx, context, 'device.add', row);
          return deviceView(await findSeenDevice(tx, row));
        });
      } catch (error) {
        // Somebody else has added it in the same moment.
        if (isUniqueViolation(error)) await refuseTaken(db, customerId, mac);
        throw error;
      }
    },

    update: ({ id: customerId, deviceId }, input, context) =>
      change(customerId, async (tx) => {
        await existing(tx, customerId, deviceId);
        const row = await updateDeviceRow(tx, deviceId, input);
        if (input.blocked === true) {
          const which = (session: RunningSession): boolean => session.mac === row.mac;
          await end(tx, customerId, { which, reason: 'device blocked', actor: context.actor });
        }
        await audit(tx, context, 'device.update', row, { fields: Object.keys(input) });
        return deviceView(await findSeenDevice(tx, row));
      }),
  };
}

async function existing(tx: Tx, customerId: string, deviceId: string): Promise<DeviceRow> {
  const row = await findDeviceRow(tx, customerId, deviceId);
  if (row === undefined) throw new AppError('not_found', `customer ${customerId} has no device ${deviceId}`);
  return row;
}

async function refuseFull(tx: Tx, customerId: string, most: number): Promise<void> {
  if ((await countDevices(tx, customerId)) < most) return;
  throw new AppError('conflict', `${most} devices are on the list already, which is the most: remove one first`);
}

/** A device belongs to one customer. */
async function refuseTaken(tx: Tx, customerId: string, mac: string): Promise<void> {
  const owner = await findDeviceOwner(tx, mac);
  if (owner === undefined) return;
  const detail =
    owner.id === customerId
      ? `${mac} is on the list of this customer already`
      : `${mac} belongs to customer ${owner.username} (${owner.id}): remove it there first`;
  throw new AppError('name_taken', detail, { issues: [{ path: 'mac', message: 'is taken' }] });
}

async function audit(
  tx: Tx,
  context: ChangeContext,
  action: string,
  { id, customerId, mac }: DeviceRow,
  details: Record<string, unknown> = {},
): Promise<void> {
  await appendAudit(tx, {
    ...context,
    action,
    subjectType: 'customer',
    subjectId: customerId,
    details: { deviceId: id, mac, ...details },
  });
}
