import { z } from 'zod';
import { id, idParams, instant, page, pageQueryShape } from './common.js';
import { endpoint } from './endpoint.js';
import { language } from './languages.js';

const tag = 'notifications';

export const channels = ['sms', 'email'] as const;
export type Channel = (typeof channels)[number];

export const templateNames = [
  'payment_received',
  'credentials',
  'payment_failed',
  'expiring',
  'usage',
  'refunded',
  'voucher',
  'alert_opened',
  'alert_resolved',
  'report',
] as const;
export type TemplateName = (typeof templateNames)[number];

/** suppressed: the customer wants no notices, no address is known, or it came too late; `error` says which. */
export const notificationStates = ['queued', 'sent', 'failed', 'suppressed'] as const;

/** A message to a customer. Its text is made when it is sent and nowhere kept. */
export const notification = z.object({
  id,
  customerId: id.nullable(),
  channel: z.enum(channels),
  template: z.string(),
  language,
  /** Phone number or e-mail address; shown whole to owners and admins. */
  recipient: z.string(),
  state: z.enum(notificationStates),
  attempts: z.number().int(),
  /** The provider's id of it; `log` when no provider is configured and it went to the log only. */
  providerMessageId: z.string().nullable(),
  /** Why it was not sent, in the provider's words; of a queued one: why it was not sent so far. */
  error: z.string().nullable(),
  createdAt: instant,
  sentAt: instant.nullable(),
});
export type NotificationView = z.infer<typeof notification>;

export const listNotifications = endpoint({
  method: 'get',
  path: '/notifications',
  tag,
  summary: 'Messages to customers and what became of them, newest first',
  allow: 'notifications:read',
  query: z.strictObject({
    ...pageQueryShape,
    customerId: id.optional(),
    state: z.enum(notificationStates).optional(),
  }),
  response: page(notification),
});

export const sendCredentials = endpoint({
  method: 'post',
  path: '/customers/{id}/send-credentials',
  tag,
  summary: 'Send a customer the username and password, to the phone number or else the e-mail address on record',
  allow: 'customers:write',
  params: idParams,
  status: 202,
  response: notification,
});

/** Africa's Talking posts a form `phoneNumber=+254...&senderId=...` when somebody opts out of its sender. */
export const smsOptOut = endpoint({
  method: 'post',
  path: '/notifications/sms-opt-out/{token}',
  tag,
  summary: "For the SMS provider: a phone number wants no more notices (Africa's Talking, bulk SMS opt-out callback)",
  allow: 'public',
  params: z.strictObject({ token: z.string().max(200) }),
  rawBody: true,
  bodyLimitBytes: 4_096,
  body: z.strictObject({ raw: z.string() }),
  response: z.object({ status: z.literal('ok') }),
});
