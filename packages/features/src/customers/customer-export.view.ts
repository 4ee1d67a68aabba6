import { EXPORTED_SESSIONS, type CustomerExport } from '@turnpike/contracts/customer-privacy.js';
import type { Role } from '@turnpike/contracts/permissions.js';
import { entitlementView } from '../entitlements/entitlement.view.js';
import { notificationView } from '../notifications/notification.view.js';
import { sessionView } from '../sessions/session.view.js';
import type { CustomerRow } from './customer.store.js';
import { customerView } from './customer.view.js';
import type { SeenDevice } from './device.store.js';
import { deviceView } from './device.view.js';
import type { PersonalData } from './personal-data.store.js';

export function exportView(
  row: CustomerRow,
  devices: readonly SeenDevice[],
  data: PersonalData,
  { role, at }: { role: Role; at: Date },
): CustomerExport {
  return {
    exportedAt: at.toISOString(),
    customer: customerView(row, role),
    devices: devices.map(deviceView),
    entitlements: data.entitlements.map(entitlementView),
    payments: data.payments.map(paymentView),
    wallet: data.wallet.map((posting) => ({
      at: posting.entry.createdAt.toISOString(),
      description: posting.entry.description,
      amountMinor: posting.amountMinor.toString(),
      balanceMinor: posting.balanceMinor.toString(),
      currency: posting.account.currency,
    })),
    sessions: {
      complete: data.sessions.length <= EXPORTED_SESSIONS,
      items: data.sessions.slice(0, EXPORTED_SESSIONS).map(sessionView),
    },
    notifications: data.notifications.map((each) => notificationView(each, role)),
    history: data.history.map(({ at: then, actor, action, details }) => ({
      at: then.toISOString(),
      actor,
      action,
      details,
    })),
  };
}

function paymentView(row: PersonalData['payments'][number]): CustomerExport['payments'][number] {
  const { id, provider, state, purpose, currency, msisdn, paidMsisdn, mac, receipt, detail } = row;
  return {
    ...{ id, provider, state, purpose, currency, msisdn, paidMsisdn, mac, receipt, detail },
    amountMinor: Number(row.amountMinor),
    createdAt: row.createdAt.toISOString(),
    settledAt: row.settledAt?.toISOString() ?? null,
    refundedAt: row.refundedAt?.toISOString() ?? null,
    messages: row.messages.map(({ kind, body, createdAt }) => ({ kind, body, receivedAt: createdAt.toISOString() })),
  };
}
