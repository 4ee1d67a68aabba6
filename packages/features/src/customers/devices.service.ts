import { MAX_DEVICES, type CustomerDeviceView } from '@turnpike/contracts/devices.js';
import { AppError, invalidField } from '@turnpike/core/app-error.js';
import { parseMacAddress } from '@turnpike/core/mac-address.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import { isUniqueViolation } from '@turnpike/db/database-errors.js';
import type { ChangeContext } from '@turnpike/runtime/http/change-context.js';
import { appendAudit } from '../audit/audit.store.js';
import { runningSessionsOf, type RunningSession } from '../sessions/running-sessions.js';
import type { SessionEnder } from '../sessions/session-ender.js';
import { findCustomerRow } from './customer.store.js';
import type { CustomersService } from './customers.service.js';
import {
  countDevices,
  deleteDeviceRow,
  findDeviceOwner,
  findDeviceRow,
  insertDeviceRow,
  listDeviceRows,
  updateDeviceRow,
  type DeviceRow,
} from './device.store.js';
import { deviceView } from './device.view.js';

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
}

export interface DevicesDeps extends Pick<Database, 'db' | 'transact'> {
  readonly customers: CustomersService;
  readonly endSessions: SessionEnder;
  readonly wake: () => void;
}

export function createDevicesService(deps: DevicesDeps): DevicesService {
  const { db, customers, endSessions } = deps;

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

  return {
    list: async (customerId) => {
      await customers.get(customerId);
      return (await listDeviceRows(db, customerId)).map(deviceView);
    },

    add: async (customerId, { mac: text, name = '' }, context) => {
      const mac = parseMacAddress(text);
      if (mac === undefined) throw invalidField('mac', 'must be a MAC address such as AA:BB:CC:DD:EE:FF');
      try {
        return await change(customerId, async (tx) => {
          await refuseTaken(tx, customerId, mac);
          if ((await countDevices(tx, customerId)) >= MAX_DEVICES) {
            throw new AppError(
              'conflict',
              `this customer has ${MAX_DEVICES} devices, which is the most: remove one first`,
            );
          }
          const row = await insertDeviceRow(tx, { customerId, mac, name });
          await audit(tx, context, 'device.add', row);
          return deviceView(row);
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
        return deviceView(row);
      }),

    remove: ({ id: customerId, deviceId }, context) =>
      change(customerId, async (tx) => {
        const row = await existing(tx, customerId, deviceId);
        const devicesOnly = (await findCustomerRow(tx, customerId))?.devicesOnly ?? false;
        await deleteDeviceRow(tx, deviceId);
        const which = ({ mac, username }: RunningSession): boolean =>
          mac === row.mac && (devicesOnly || parseMacAddress(username) === mac);
        await end(tx, customerId, { which, reason: 'device removed', actor: context.actor });
        await audit(tx, context, 'device.remove', row);
      }),
  };
}

async function existing(tx: Tx, customerId: string, deviceId: string): Promise<DeviceRow> {
  const row = await findDeviceRow(tx, customerId, deviceId);
  if (row === undefined) throw new AppError('not_found', `customer ${customerId} has no device ${deviceId}`);
  return row;
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
