import type { SettingGroup } from '@turnpike/contracts/settings.js';
import { Secret } from '@turnpike/core/secret.js';
import { z } from 'zod';

/** How M-Pesa is talked to. `url` null: nobody can pay by M-Pesa. */
export interface MpesaSettings {
  /** Without a slash at the end. */
  readonly url: string | null;
  readonly shortcode: string | null;
  readonly consumerKey: Secret | null;
  readonly consumerSecret: Secret | null;
  readonly passkey: Secret | null;
  /** In the addresses that payments to the paybill are announced at; null: none are taken. */
  readonly c2bToken: Secret | null;
  /** Addresses and networks that results are taken from; empty: any. */
  readonly callbackAllow: readonly string[];
}

/** Bulk SMS of Africa's Talking. `apiKey` null: text messages go to the log. */
export interface SmsSettings {
  readonly url: string;
  readonly username: string;
  readonly apiKey: Secret | null;
  readonly sender: string | null;
  /** In the address that opt-outs are told at; null: none are taken. */
  readonly callbackToken: Secret | null;
}

/** `host` null: e-mails go to the log. */
export interface MailSettings {
  readonly host: string | null;
  readonly port: number;
  /** TLS from the first byte; otherwise STARTTLS where the server offers it. */
  readonly tls: boolean;
  readonly user: string | null;
  readonly password: Secret | null;
  readonly from: string;
  /** What SMTP_URL has behind its question mark; empty for what was set in the console. */
  readonly options: string;
}

/** How the network presents itself to customers. */
export interface BrandingSettings {
  readonly name: string;
  /** `#rrggbb` */
  readonly color: string;
  /** How to reach people; empty: nobody is named. */
  readonly contact: string;
  /** IANA name, for moments and days. */
  readonly timeZone: string;
}

/** The tax that prices contain. */
export interface TaxSettings {
  readonly name: string;
  /** Hundredths of a percent; 0: none. */
  readonly rateBasisPoints: number;
  readonly inclusive: true;
}

/** How long records are kept, days. */
export interface RetentionSettings {
  readonly accountingPacketsDays: number;
  readonly notificationsDays: number;
}

export interface Settings {
  readonly mpesa: MpesaSettings;
  readonly sms: SmsSettings;
  readonly mail: MailSettings;
  readonly branding: BrandingSettings;
  readonly tax: TaxSettings;
  readonly retention: RetentionSettings;
}

/** Fields that are sealed where they are stored, and never told. */
export const secretFields: Readonly<Record<SettingGroup, readonly string[]>> = {
  mpesa: ['consumerKey', 'consumerSecret', 'passkey', 'c2bToken'],
  sms: ['apiKey', 'callbackToken'],
  mail: ['password'],
  branding: [],
  tax: [],
  retention: [],
};

const text = z.string().nullable().default(null);
const hidden = z
  .string()
  .nullable()
  .default(null)
  .transform((plain) => (plain === null ? null : new Secret(plain)));

/** Parsers of what is stored, secrets in the clear beside the rest. What a later version adds has to have a default. */
export const storedGroups: { readonly [Group in SettingGroup]: z.ZodType<Settings[Group]> } = {
  mpesa: z.object({
    url: text,
    shortcode: text,
    consumerKey: hidden,
    consumerSecret: hidden,
    passkey: hidden,
    c2bToken: hidden,
    callbackAllow: z.array(z.string()).default([]),
  }),
  sms: z.object({ url: z.string(), username: z.string(), apiKey: hidden, sender: text, callbackToken: hidden }),
  mail: z.object({
    host: text,
    port: z.number(),
    tls: z.boolean(),
    user: text,
    password: hidden,
    from: z.string(),
    options: z.string().default(''),
  }),
  branding: z.object({ name: z.string(), color: z.string(), contact: z.string(), timeZone: z.string() }),
  tax: z.object({ name: z.string(), rateBasisPoints: z.number().int(), inclusive: z.literal(true) }),
  retention: z.object({ accountingPacketsDays: z.number().int(), notificationsDays: z.number().int() }),
};

export function everyGroup(pick: <Group extends SettingGroup>(group: Group) => Settings[Group]): Settings {
  return {
    mpesa: pick('mpesa'),
    sms: pick('sms'),
    mail: pick('mail'),
    branding: pick('branding'),
    tax: pick('tax'),
    retention: pick('retention'),
  };
}

/** A group as plain values, secrets in the clear: to lay changes over it. Keep it out of sight. */
export function plainOf(settings: Settings[SettingGroup]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]: [string, unknown]) => [
      key,
      value instanceof Secret ? value.reveal() : value,
    ]),
  );
}

/** What is needed to talk to M-Pesa; undefined: it is not set up. */
export function darajaSettings({ url, shortcode, consumerKey, consumerSecret, passkey }: MpesaSettings) {
  if (url === null || shortcode === null || consumerKey === null || consumerSecret === null || passkey === null) {
    return undefined;
  }
  return { url, shortcode, consumerKey, consumerSecret, passkey };
}

/** The server as a URL with its credentials, the way nodemailer takes it; undefined: none is set up. */
export function smtpUrl({ host, port, tls, user, password, options }: MailSettings): Secret | undefined {
  if (host === null) return undefined;
  const login = user === null ? '' : `${encodeURIComponent(user)}:${encodeURIComponent(password?.reveal() ?? '')}@`;
  const place = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return new Secret(`${tls ? 'smtps' : 'smtp'}://${login}${place}:${port}${options}`);
}
