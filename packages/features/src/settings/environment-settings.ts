import { timeZone } from '@turnpike/contracts/package-terms.js';
import { Secret } from '@turnpike/core/secret.js';
import { csv, secret } from '@turnpike/runtime/config.js';
import { z } from 'zod';
import { addressCheck } from '../payments/address-check.js';
import type { MailSettings, Settings } from './setting-groups.js';

const url = (protocol: RegExp) => z.url({ protocol });

/**
 * Variables of the environment that hold until a group is saved in the console: for the schemas of the processes' config.ts.
 * Every process takes the same, so that each starts alike while PostgreSQL is away.
 */
export const settingsEnvironment = {
  /** M-Pesa's API (https://api.safaricom.co.ke) or a stand-in, without a slash at the end; without it nobody can pay by M-Pesa. */
  DARAJA_URL: url(/^https?$/)
    .transform((text) => text.replace(/\/+$/, ''))
    .optional(),
  DARAJA_CONSUMER_KEY: secret().optional(),
  DARAJA_CONSUMER_SECRET: secret().optional(),
  DARAJA_SHORTCODE: z
    .string()
    .regex(/^\d{5,7}$/, 'must be the 5 to 7 digits of the paybill')
    .optional(),
  DARAJA_PASSKEY: secret().optional(),
  /** In the addresses that payments to the paybill are announced at; with it they are registered with M-Pesa. */
  DARAJA_C2B_TOKEN: secret(16).optional(),
  /** Addresses and networks that M-Pesa sends its results from; empty: any. The token in the address is what is trusted. */
  DARAJA_CALLBACK_ALLOW: csv().refine(
    isAddressList,
    'must be addresses or networks such as 196.201.214.0/24, separated by commas',
  ),
  /** Bulk SMS of Africa's Talking, or of a stand-in; without a key text messages go to the log. */
  SMS_URL: url(/^https?$/).default('https://api.africastalking.com'),
  SMS_USERNAME: z.string().default('sandbox'),
  SMS_API_KEY: secret().optional(),
  /** Short code or alphanumeric sender that the provider has given. */
  SMS_SENDER: z.string().min(1).max(20).optional(),
  /** In the address that the SMS provider tells of opt-outs at; without it none are taken. */
  SMS_CALLBACK_TOKEN: secret(16).optional(),
  /** `smtp://user:password@host:587` or `smtps://...`; without it e-mails go to the log. */
  SMTP_URL: url(/^smtps?$/)
    .transform((text) => new Secret(text))
    .optional(),
  MAIL_FROM: z
    .string()
    .regex(/@/, 'must be an e-mail address, or a name and one in angle brackets')
    .default('Turnpike <noreply@localhost>'),
  /** What customers see of the portal: the network's name, its colour, how to reach people, and by which clock. */
  PORTAL_NAME: z.string().trim().min(1).max(60).default('Turnpike WiFi'),
  PORTAL_COLOR: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour such as #0b6b57')
    .default('#0b6b57'),
  PORTAL_CONTACT: z.string().trim().max(200).default(''),
  PORTAL_TIME_ZONE: timeZone.default('Africa/Nairobi'),
  /** How long accounting packets are kept, days; sessions and usage stay. */
  ACCOUNTING_KEPT_DAYS: z.coerce.number().int().min(8).max(36_500).default(400),
};

export type SettingsEnvironment = z.output<z.ZodObject<typeof settingsEnvironment>>;

const NOTIFICATIONS_KEPT_DAYS = 400;
const NO_TAX = { name: 'VAT', rateBasisPoints: 0, inclusive: true } as const;

/** What holds where nothing was saved. */
export function environmentSettings(env: SettingsEnvironment): Settings {
  return {
    mpesa: {
      url: env.DARAJA_URL ?? null,
      shortcode: env.DARAJA_SHORTCODE ?? null,
      consumerKey: env.DARAJA_CONSUMER_KEY ?? null,
      consumerSecret: env.DARAJA_CONSUMER_SECRET ?? null,
      passkey: env.DARAJA_PASSKEY ?? null,
      c2bToken: env.DARAJA_C2B_TOKEN ?? null,
      callbackAllow: env.DARAJA_CALLBACK_ALLOW,
    },
    sms: {
      url: env.SMS_URL.replace(/\/+$/, ''),
      username: env.SMS_USERNAME,
      apiKey: env.SMS_API_KEY ?? null,
      sender: env.SMS_SENDER ?? null,
      callbackToken: env.SMS_CALLBACK_TOKEN ?? null,
    },
    mail: mailOf(env.SMTP_URL, env.MAIL_FROM),
    branding: {
      name: env.PORTAL_NAME,
      color: env.PORTAL_COLOR,
      contact: env.PORTAL_CONTACT,
      timeZone: env.PORTAL_TIME_ZONE,
    },
    tax: NO_TAX,
    retention: { accountingPacketsDays: env.ACCOUNTING_KEPT_DAYS, notificationsDays: NOTIFICATIONS_KEPT_DAYS },
  };
}

/** Where no port is named: 465 for SMTP over TLS (RFC 8314 section 3.3), 587 for submission (RFC 6409 section 3.1). */
function mailOf(smtp: Secret | undefined, from: string): MailSettings {
  if (smtp === undefined) {
    return { host: null, port: 587, tls: false, user: null, password: null, from, options: '' };
  }
  const { protocol, hostname, port, username, password, search } = new URL(smtp.reveal());
  const tls = protocol === 'smtps:';
  return {
    host: hostname,
    port: port === '' ? (tls ? 465 : 587) : Number(port),
    tls,
    user: username === '' ? null : decodeURIComponent(username),
    password: password === '' ? null : new Secret(decodeURIComponent(password)),
    from,
    options: search,
  };
}

function isAddressList(entries: readonly string[]): boolean {
  try {
    addressCheck(entries);
    return true;
  } catch {
    return false;
  }
}
