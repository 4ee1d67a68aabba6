import { z } from 'zod';
import { displayName, instant, isStorable, NOT_STORABLE } from './common.js';
import { endpoint } from './endpoint.js';
import { timeZone } from './package-terms.js';

const tag = 'settings';

/** What is set together; a group that was saved in the console holds as a whole. */
export const settingGroups = ['mpesa', 'sms', 'mail', 'branding', 'tax', 'retention'] as const;
export type SettingGroup = (typeof settingGroups)[number];

function text(maxLength: number) {
  return z.string().trim().min(1, 'must not be empty').max(maxLength).refine(isStorable, NOT_STORABLE);
}

/** Where a provider's API is. Plain http is for stand-ins on this machine alone: keys go there. */
const apiUrl = z
  .url({ protocol: /^https?$/, error: 'must be an address such as https://api.safaricom.co.ke' })
  .max(200)
  .refine((url) => new URL(url).protocol === 'https:' || isLoopback(url), 'must begin with https://')
  .refine((url) => !/[@?#]/.test(url), 'must be an address alone, without a user, a question mark or a #')
  .transform((url) => url.replace(/\/+$/, ''));

/** Whether a URL leads to this machine. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** Takes a new secret, or null for none; left out: it stays. */
const secret = text(500).nullable();
/** Part of an address that only we and the provider know. */
const addressToken = z
  .string()
  .regex(/^[A-Za-z0-9_-]{16,100}$/, 'must be 16 to 100 letters, digits, - or _')
  .nullable();

/** A secret is never told: only whether there is one. */
const secretState = z.object({ isSet: z.boolean() });

const held = {
  /** `environment`: the server's own configuration holds. `console`: what was saved here. */
  source: z.enum(['environment', 'console']),
  updatedAt: instant.nullable(),
  updatedBy: z.object({ id: z.string(), name: z.string() }).nullable(),
};

const color = z.string().regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour such as #0b6b57');

export const mpesaSettings = z.object({
  ...held,
  /** Null: nobody can pay by M-Pesa. */
  url: z.string().nullable(),
  shortcode: z.string().nullable(),
  consumerKey: secretState,
  consumerSecret: secretState,
  passkey: secretState,
  /** In the addresses that payments to the paybill are announced at; not set: none are taken. */
  c2bToken: secretState,
  /** Addresses and networks that M-Pesa sends its results from; empty: any. */
  callbackAllow: z.array(z.string()),
});

export const smsSettings = z.object({
  ...held,
  url: z.string(),
  username: z.string(),
  /** Not set: text messages go to the log. */
  apiKey: secretState,
  sender: z.string().nullable(),
  /** In the address that the provider tells of opt-outs at; not set: none are taken. */
  callbackToken: secretState,
});

export const mailSettings = z.object({
  ...held,
  /** Null: e-mails go to the log. */
  host: z.string().nullable(),
  port: z.number().int(),
  /** TLS from the first byte (port 465); otherwise STARTTLS where the server offers it. */
  tls: z.boolean(),
  user: z.string().nullable(),
  password: secretState,
  from: z.string(),
});

export const brandingSettings = z.object({
  ...held,
  name: z.string(),
  color: z.string(),
  contact: z.string(),
  timeZone: z.string(),
});

export const taxSettings = z.object({
  ...held,
  name: z.string(),
  /** Hundredths of a percent: 1600 is 16 %. 0: no tax. */
  rateBasisPoints: z.number().int(),
  /** Prices contain it. */
  inclusive: z.literal(true),
});

export const retentionSettings = z.object({
  ...held,
  accountingPacketsDays: z.number().int(),
  notificationsDays: z.number().int(),
});

const allSettings = z.object({
  mpesa: mpesaSettings,
  sms: smsSettings,
  mail: mailSettings,
  branding: brandingSettings,
  tax: taxSettings,
  retention: retentionSettings,
  /** For the addresses that providers are told of. */
  publicUrl: z.string(),
});
export type SettingsView = z.infer<typeof allSettings>;

export const getSettings = endpoint({
  method: 'get',
  path: '/settings',
  tag,
  summary: 'All settings as they hold now, and where each group comes from; of secrets only whether they are set',
  allow: 'settings:manage',
  response: allSettings,
});

const mpesaChange = z.strictObject({
  url: apiUrl.nullable().optional(),
  shortcode: z
    .string()
    .trim()
    .regex(/^\d{5,7}$/, 'must be the 5 to 7 digits of the paybill')
    .nullable()
    .optional(),
  consumerKey: secret.optional(),
  consumerSecret: secret.optional(),
  passkey: secret.optional(),
  c2bToken: addressToken.optional(),
  callbackAllow: z.array(text(50)).max(50).optional(),
});

const smsChange = z.strictObject({
  url: apiUrl.optional(),
  username: text(100).optional(),
  apiKey: secret.optional(),
  sender: text(20).nullable().optional(),
  callbackToken: addressToken.optional(),
});

const mailChange = z.strictObject({
  host: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9.:[\]-]{1,253}$/, 'must be the name or address of a server, such as smtp.example.net')
    .nullable()
    .optional(),
  port: z.number().int().min(1).max(65_535).optional(),
  tls: z.boolean().optional(),
  user: text(200).nullable().optional(),
  password: secret.optional(),
  from: text(200).regex(/@/, 'must be an e-mail address, or a name and one in angle brackets').optional(),
});

const brandingChange = z.strictObject({
  name: text(60).optional(),
  color: color.optional(),
  contact: z.string().trim().max(200).refine(isStorable, NOT_STORABLE).optional(),
  timeZone: timeZone.optional(),
});

const taxChange = z.strictObject({
  name: displayName.max(20).optional(),
  rateBasisPoints: z.number().int().min(0).max(10_000).optional(),
  inclusive: z.literal(true).optional(),
});

const retentionChange = z.strictObject({
  accountingPacketsDays: z.number().int().min(8).max(36_500).optional(),
  notificationsDays: z.number().int().min(90).max(36_500).optional(),
});

function changeOf<Body extends z.ZodType, Response extends z.ZodType>(
  group: SettingGroup,
  body: Body,
  { response, summary, stepUp = false }: { response: Response; summary: string; stepUp?: boolean },
) {
  const path = `/settings/${group}`;
  return endpoint({ method: 'patch', path, tag, summary, allow: 'settings:manage', stepUp, body, response });
}

const KEEPS = 'What is left out stays; a secret that is null is forgotten. Holds in every process within seconds';

export const changeMpesa = changeOf('mpesa', mpesaChange, {
  response: mpesaSettings,
  summary: `Set how customers pay by M-Pesa. ${KEEPS}. Another url needs its keys given with it`,
  stepUp: true,
});

export const changeSms = changeOf('sms', smsChange, {
  response: smsSettings,
  summary: `Set who carries text messages. ${KEEPS}. Another url needs its key given with it`,
  stepUp: true,
});

export const changeMail = changeOf('mail', mailChange, {
  response: mailSettings,
  summary: `Set the mail server. ${KEEPS}. Another server needs the password given with it`,
  stepUp: true,
});

export const changeBranding = changeOf('branding', brandingChange, {
  response: brandingSettings,
  summary: `Set how the network presents itself on the portal, and by which clock. ${KEEPS}`,
});

export const changeTax = changeOf('tax', taxChange, {
  response: taxSettings,
  summary: `Set the tax that prices contain. ${KEEPS}`,
});

export const changeRetention = changeOf('retention', retentionChange, {
  response: retentionSettings,
  summary: `Set how long records are kept. ${KEEPS}`,
});

function resetOf(group: SettingGroup, { stepUp = false }: { stepUp?: boolean } = {}) {
  return endpoint({
    method: 'delete',
    path: `/settings/${group}`,
    tag,
    summary: `Forget what was saved of ${group}, secrets included: the server's own configuration holds again`,
    allow: 'settings:manage',
    stepUp,
    status: 204,
    response: z.null(),
  });
}

export const resetMpesa = resetOf('mpesa', { stepUp: true });
export const resetSms = resetOf('sms', { stepUp: true });
export const resetMail = resetOf('mail', { stepUp: true });
export const resetBranding = resetOf('branding');
export const resetTax = resetOf('tax');
export const resetRetention = resetOf('retention');

/** `words`: what the provider said, or why it could not be asked. */
const checked = z.object({ ok: z.boolean(), words: z.string() });
export type Checked = z.infer<typeof checked>;

export const checkMpesa = endpoint({
  method: 'post',
  path: '/settings/mpesa/check',
  tag,
  summary: 'Ask M-Pesa for an access token with the keys that hold, or those given; nobody is charged',
  allow: 'settings:manage',
  stepUp: true,
  body: z.strictObject({
    url: apiUrl.optional(),
    consumerKey: text(500).optional(),
    consumerSecret: text(500).optional(),
  }),
  response: checked,
});

export const testMail = endpoint({
  method: 'post',
  path: '/settings/mail/test',
  tag,
  summary: 'Send one e-mail with the settings that hold, and tell what the mail server said',
  allow: 'settings:manage',
  body: z.strictObject({ to: z.email().max(254) }),
  response: checked,
});

export const testSms = endpoint({
  method: 'post',
  path: '/settings/sms/test',
  tag,
  summary: 'Send one text message with the settings that hold, and tell what the provider said',
  allow: 'settings:manage',
  body: z.strictObject({ to: z.string().trim().min(5).max(30) }),
  response: checked,
});
