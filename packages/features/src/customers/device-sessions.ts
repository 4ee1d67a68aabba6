import { parseMacAddress } from '@turnpike/core/mac-address.js';
import type { Tx } from '@turnpike/db/database.js';
import { runningSessionsOf, type RunningSession } from '../sessions/running-sessions.js';
import { endSessions } from '../sessions/session-ender.js';
import { findCustomerRow } from './customer.store.js';

/** Ends what devices that left the customer's list could open only because they were on it. The caller holds the customer. */
export async function endListedSessions(
  tx: Tx,
  customerId: string,
  macs: readonly string[],
  { reason, actor }: { reason: string; actor: string },
): Promise<void> {
  if (macs.length === 0) return;
  const devicesOnly = (await findCustomerRow(tx, customerId))?.devicesOnly ?? false;
  const gone = new Set(macs);
  const needsTheList = ({ mac, username }: RunningSession): boolean =>
    mac !== undefined && gone.has(mac) && (devicesOnly || parseMacAddress(username) === mac);
  const sessionIds = (await runningSessionsOf(tx, customerId)).filter(needsTheList).map((session) => session.id);
  await endSessions(tx, { sessionIds, reason, actor });
}
