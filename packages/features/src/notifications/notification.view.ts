import { languageOf } from '@turnpike/contracts/languages.js';
import type { NotificationView } from '@turnpike/contracts/notifications.js';
import type { Role } from '@turnpike/contracts/permissions.js';
import { emailFor, phoneFor } from '../customers/phone-view.js';
import type { NotificationRow } from './notification.store.js';

export function notificationView(row: NotificationRow, role: Role): NotificationView {
  const email = row.channel === 'email';
  return {
    id: row.id,
    customerId: row.customerId,
    channel: email ? 'email' : 'sms',
    template: row.template,
    language: languageOf(row.language),
    recipient: email ? emailFor(role, row.recipient) : phoneFor(role, row.recipient),
    state: row.state,
    attempts: row.attempts,
    providerMessageId: row.providerMessageId,
    error: row.error,
    createdAt: row.createdAt.toISOString(),
    sentAt: row.sentAt?.toISOString() ?? null,
  };
}
