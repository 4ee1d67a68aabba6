import { AppError } from '@turnpike/core/app-error.js';
import { parseMsisdn } from '@turnpike/core/msisdn.js';
import { cursorId, type PageQuery } from '@turnpike/core/page.js';
import { sameSecret } from '@turnpike/core/same-secret.js';
import type { Secret } from '@turnpike/core/secret.js';
import type { Database } from '@turnpike/db/database.js';
import type { ChangeContext } from '@turnpike/runtime/http/change-context.js';
import { appendAudit } from '../audit/audit.store.js';
import {
  findAddressee,
  findNotification,
  listNotificationRows,
  stopNoticesOf,
  type NotificationFilter,
  type NotificationRow,
} from './notification.store.js';
import { newNotification, storeNotices } from './notify.js';

export type NotificationQuery = PageQuery & Pick<NotificationFilter, 'customerId' | 'state'>;

export interface NotificationsService {
  /** Newest first, one row more than `limit` when there are more. */
  list(query: NotificationQuery): Promise<NotificationRow[]>;
  /** `not_found`, or `conflict` when no address of the customer is known. */
  sendCredentials(customerId: string, context: ChangeContext): Promise<NotificationRow>;
  /** What the SMS provider posts when somebody opts out; `not_found` for a wrong token, or when none is configured. */
  optOut(token: string, form: string, requestId: string): Promise<void>;
}

export interface NotificationsDeps extends Pick<Database, 'db' | 'transact'> {
  readonly wake: () => void;
  /** In the URL that the SMS provider was told, as set up now; undefined: opt-outs are not taken. */
  readonly callbackToken: () => Secret | undefined;
}

export function createNotificationsService({
  db,
  transact,
  wake,
  callbackToken: currentToken,
}: NotificationsDeps): NotificationsService {
  return {
    list: ({ limit, cursor, ...filter }) => listNotificationRows(db, { ...filter, after: cursorId(cursor), limit }),

    sendCredentials: async (customerId, context) => {
      const row = await transact(async (tx) => {
        const addressee = await findAddressee(tx, customerId);
        if (addressee === null) throw new AppError('not_found', `there is no customer ${customerId}`);
        const dedupKey = `credentials:${customerId}:${context.requestId}`;
        const made = newNotification({ template: 'credentials', customerId, params: {}, dedupKey }, addressee);
        if (made.error !== null) throw new AppError('conflict', `nothing was sent: ${made.error}`);
        await storeNotices(tx, [made]);
        const stored = await findNotification(tx, made.id);
        if (stored === null) throw new AppError('conflict', 'this request has been answered already');
        const subject = { subjectType: 'customer', subjectId: customerId };
        await appendAudit(tx, { ...context, action: 'customer.send_credentials', ...subject });
        return stored;
      });
      wake();
      return row;
    },

    optOut: async (token, form, requestId) => {
      const callbackToken = currentToken();
      if (callbackToken === undefined || !sameSecret(token, callbackToken.reveal())) {
        throw new AppError('not_found', 'There is nothing at this path.');
      }
      const msisdn = parseMsisdn(new URLSearchParams(form).get('phoneNumber') ?? '');
      if (msisdn === undefined) return;
      await transact(async (tx) => {
        const customerId = await stopNoticesOf(tx, msisdn);
        if (customerId === undefined) return;
        const subject = { subjectType: 'customer', subjectId: customerId };
        await appendAudit(tx, { actor: 'sms-provider', requestId, action: 'customer.stop_notices', ...subject });
      });
    },
  };
}
